import { describe, it } from 'vitest';
import { fileCheck } from './hunk-mail';

/** What a function frees and what it goes on with are two objects where only our one of each type makes them the same. */
const check = fileCheck('quux', 'simplify');

const freed = (drops: string): string => `
struct quux_aux { struct quux *linked; u32 token; struct quux_aux *next; };
struct quux { struct quux_aux *aux; u32 id; };

static void quux_drop(struct quux *q)
{
	kfree(q->aux);
	kfree(q);
}

u32 quux_end(struct quux *q)
{
	struct quux_aux *aux = q->aux;
	u32 token;

-	token = aux->token;
	${drops};
+	token = aux->token;
	return token;
}
`;

describe('what was freed is used behind it', () => {
	it('of an object that only leads back to it for all we know', () => check(freed('quux_drop(aux->linked)'), 'no-failure'));
	it('by the pointer by which it was freed', () => check(freed('quux_drop(q)'), 'introduces: use-after-free'));
	it('as a local was set to it before', () => check(freed('q = aux->linked; q->aux = aux; quux_drop(q)'), 'introduces: use-after-free'));
});
