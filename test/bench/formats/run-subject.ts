/** `run-subject.ts ROW SUBJECT FILE`: measures one subject in this process and prints the figures as JSON. */
import { statSync } from 'node:fs';
import type { Figures } from './figures.ts';
import { getRow } from './rows.ts';

const [rowName = '', subjectName = '', file = ''] = process.argv.slice(2);
const subject = getRow(rowName).subjects.find(({ name }) => name === subjectName);
if (subject === undefined) throw new Error(`The row ${rowName} has no subject ${subjectName}`);

const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const records = await subject.run(file);
const seconds = (performance.now() - startedAt) / 1_000;
const cpu = process.cpuUsage(cpuBefore);
const figures: Figures = {
  megabytes: statSync(file).size / 1e6,
  records,
  seconds,
  cpuSeconds: (cpu.user + cpu.system) / 1e6,
  peakMegabytes: (process.resourceUsage().maxRSS * 1_024) / 1e6,
};
console.log(JSON.stringify(figures));
