/**
 * A process that takes a lock on a SQLite file: `<path> <statement> <ms>`. Says `held` when it has it, and gives it
 * back so many milliseconds later; with none it holds it until it is killed.
 */
import Sqlite from 'better-sqlite3';

const [path = '', begin = '', ms] = process.argv.slice(2);
const db = new Sqlite(path, { fileMustExist: true });
db.exec(begin);
console.log('held');
if (ms === undefined) setInterval(() => db.pragma('user_version'), 1_000);
else setTimeout(() => db.close(), Number(ms));
