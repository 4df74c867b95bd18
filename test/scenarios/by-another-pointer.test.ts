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

const kept = (ends: string): string => `
struct quux_key { u32 len; };
struct quux_rx { struct mutex lock; struct quux_key *pending; };
struct quux_tx { struct mutex lock; struct quux_key *key; };

void quux_forget(struct quux_rx *rx)
{
	mutex_lock(&rx->lock);
+	kfree(rx->pending);
	rx->pending = NULL;
	mutex_unlock(&rx->lock);
}

u32 quux_take(struct quux_tx *tx)
{
	u32 len;

	mutex_lock(&tx->lock);
	len = tx->key->len;
	${ends}
	tx->key = NULL;
	mutex_unlock(&tx->lock);
	return len;
}
`;

describe('two structs lead to one type', () => {
	it('and either frees what it leads to', () => check(kept('kfree(tx->key);'), 'no-failure'));
	it('and one of them only reads it', () => check(kept('quux_tell(len);'), 'introduces: use-after-free'));
});
