import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** A pointer to what was made here, put where others find it by a store that orders nothing, or too early: each beside where nobody finds it yet. */
const check = hunkCheck();

const put = (store: string, expected: string, { made = 'kzalloc(sizeof(*new), GFP_KERNEL)', words = 'A barrier is not needed here.', head = 'static int quux_set(struct quux *q, u32 a)', lock = 'mutex' } = {}): Promise<void> => check(head, `
 	struct quux_cfg *new;

 	new = ${made};
 	if (!new)
 		return -ENOMEM;
 	new->a = a;
${lock && ` 	${lock}_lock(&q->lock);\n`}${store}
${lock && ` 	${lock}_unlock(&q->lock);\n`} 	return 0;
 }
`, expected, words);

describe('a pointer that readers find', () => {
	it('is put there by what orders nothing', () => put('-	rcu_assign_pointer(q->cfg, new);\n+	RCU_INIT_POINTER(q->cfg, new);', 'introduces: data-race'));
	it('by a marked store', () => put('-	smp_store_release(&q->cfg, new);\n+	WRITE_ONCE(q->cfg, new);', 'introduces: data-race', { lock: '' }));
	it('by a marked store, for who takes the lock', () => put('-	smp_store_release(&q->cfg, new);\n+	WRITE_ONCE(q->cfg, new);', 'no-failure'));
	it('plainly', () => put('-	rcu_assign_pointer(q->cfg, new);\n+	q->cfg = new;', 'introduces: data-race'));
	it('by what orders all before it now', () => put('-	RCU_INIT_POINTER(q->cfg, new);\n+	rcu_assign_pointer(q->cfg, new);', 'fixes: data-race'));
	it('is NULL', () => put('-	rcu_assign_pointer(q->cfg, NULL);\n+	RCU_INIT_POINTER(q->cfg, NULL);', 'no-failure'));
	it('has been found before', () => put('-	rcu_assign_pointer(q->cfg, new);\n+	RCU_INIT_POINTER(q->cfg, new);', 'no-failure', { made: 'rcu_dereference_protected(q->spare, 1)' }));
	it('nobody reads yet, as the mail says', () => put('-	rcu_assign_pointer(q->cfg, new);\n+	RCU_INIT_POINTER(q->cfg, new);', 'no-failure', { words: 'There are no readers at this point.' }));
	it('nobody reads yet, as the function says', () => put('-	rcu_assign_pointer(q->cfg, new);\n+	RCU_INIT_POINTER(q->cfg, new);', 'no-failure', { head: 'static int quux_init(struct quux *q, u32 a)' }));
});

describe('what was made here', () => {
	const filled = (early: string, late: string, expected: string): Promise<void> => check('static int quux_set(struct quux *q, u32 a)', `
 	struct quux_cfg *new;

 	new = kzalloc(sizeof(*new), GFP_KERNEL);
 	if (!new)
 		return -ENOMEM;
${early}
 	mutex_lock(&q->lock);
 	rcu_assign_pointer(q->cfg, new);
${late}
 	mutex_unlock(&q->lock);
 	return 0;
 }
`, expected, 'This is easier to read.');
	it('is filled behind that', () => filled('-	new->a = a;', '+	new->a = a;', 'introduces: use-after-free'));
	it('is put there and counted', () => filled(' 	new->a = a;', '+	q->sets++;', 'no-failure'));
});
