import { MdmaError } from '../../storage/model/errors.ts';

/**
 * The one answer for what is not there and for what is not the caller's (ruling 18): the same words, whatever the
 * address was.
 */
export function toNotFound(): MdmaError {
  return new MdmaError('not-found', 'Cannot find this address: nothing is there, or it is not yours');
}
