/**
 * Makes one file after another durable: write, fsync, rename, fsync of the folder; prints files a second.
 *
 * Arguments: folder to work in, file to copy, seconds.
 */
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

const [parent = '', source = '', seconds] = process.argv.slice(2);
const body = readFileSync(source);
const folder = mkdtempSync(path.join(parent, 'loop-'));
const folderHandle = openSync(folder, 'r');
const beginMs = performance.now();
let files = 0;
while (performance.now() - beginMs < Number(seconds) * 1000) {
  const temporary = path.join(folder, 'temporary');
  const handle = openSync(temporary, 'wx');
  writeSync(handle, body);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(temporary, path.join(folder, `${files}.dat`));
  fsyncSync(folderHandle);
  files++;
}
const tookMs = performance.now() - beginMs;
closeSync(folderHandle);
rmSync(folder, { recursive: true });
console.log(files / (tookMs / 1000));
