import { MdmaError } from '../../storage/model/errors.ts';
import type { ServerContext } from './context.ts';

export type Form = 'html' | 'json' | 'text';

/**
 * Which form of a resource the caller wants, by `Accept`. Who takes anything gets the first of `forms`.
 *
 * @throws `not-acceptable` when none of them is wanted
 */
export function negotiate<F extends Form>(ctx: ServerContext, ...forms: readonly F[]): F {
  const accepted = ctx.accepts(...forms);
  if (typeof accepted !== 'string') {
    const types = { html: 'text/html', json: 'application/json', text: 'text/plain' };
    throw new MdmaError(
      'not-acceptable',
      `Cannot answer in a form of your Accept header: there are ${forms.map((form) => types[form]).join(', ')}`,
    );
  }
  ctx.vary('Accept');
  return accepted as F;
}
