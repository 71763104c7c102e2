import type { BenchServer } from '../bench-server.ts';

/** The paths of a peer that serves the workspace's folder as it is. */
export const peerFiles: Pick<BenchServer, 'smallPath' | 'bigPath' | 'toSlowPath'> = {
  smallPath: '/small.dat',
  bigPath: '/big.dat',
  toSlowPath: () => '/big.dat',
};
