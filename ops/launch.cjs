#!/usr/bin/env node
'use strict';
/*
 * Starts the command line `mdma` on a Node that can run it: this one, or the one that came with the installed
 * packages. Plain JavaScript of Node 12, because an older Node must be able to read it; an old Node must never get
 * as far as loading the rest (the SQLite driver crashes it).
 */
// biome-ignore lint/style/useNodejsImportProtocol: Node 12 does not know the `node:` names
const { spawn } = require('child_process');
// biome-ignore lint/style/useNodejsImportProtocol: as above
const { constants } = require('os');
// biome-ignore lint/style/useNodejsImportProtocol: as above
const { setFlagsFromString } = require('v8');

const neededMajor = 24;
const runningMajor = Number(process.versions.node.split('.')[0]);

function findCarriedNode() {
  try {
    return require.resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function fail(sentence) {
  process.stderr.write(`mdma: ${sentence}\n`);
  process.exitCode = 2;
}

/** Runs this launcher again on `node`, as if it had been that one from the start. */
function runOn(node) {
  // In a process group of its own, so that Ctrl-C reaches it once, forwarded, and not a second time by the terminal.
  const child = spawn(node, [__filename].concat(process.argv.slice(2)), { stdio: 'inherit', detached: true });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  child.on('error', (error) => fail(`cannot start ${node}: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 128 + constants.signals[signal];
  });
}

/** The first word that is no option before the command, and no value of one; as `ops/program.ts` finds it. */
function findCommand(args) {
  return args.find((word, at) => !word.startsWith('-') && args[at - 1] !== '--config');
}

/**
 * Makes the engine collect early instead of letting its heap grow to several times what is in use: what these commands
 * keep of a file is bounded, and all else is garbage after a record. Before anything is loaded, because room that the
 * heap has taken it keeps. The services have the like in their units (`ops/systemd`).
 */
function keepHeapSmall() {
  // New objects have the room that they begin with: it doubles otherwise, up to 96 MB …
  setFlagsFromString('--semi-space-growth-factor=1');
  // … and old ones are collected when they are 30 % more than the last collection left.
  setFlagsFromString('--heap-growing-percent=30');
}

if (runningMajor >= neededMajor) {
  if (['inspect', 'convert'].includes(findCommand(process.argv.slice(2)))) keepHeapSmall();
  import('./mdma.ts').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    fail(`${error.message.split('\n')[0]}; install the packages with "npm ci".`);
  });
} else {
  const node = findCarriedNode();
  if (node === undefined) {
    fail(
      `Node ${neededMajor} or newer is needed and this is ${process.versions.node}; the installed packages carry one ` +
        `for Linux on x64 only (run "npm ci"), on ${process.platform} ${process.arch} install it from https://nodejs.org.`,
    );
  } else runOn(node);
}
