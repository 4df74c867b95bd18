import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** What a change does without the lock that the rest of the file keeps for it: a whole made-up file that the hunk shows, and what is said. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(file: string, expected: string, inTree = false, subject = 'simplify'): Promise<void> {
	expect(await saidOfFile(analyzer, 'plum', subject, file, inTree)).toBe(expected);
}

const TYPES = `
struct plum_stone { int weight; };
struct plum { spinlock_t lock; int flags; int ripe; int sizes[4]; union { int red; int blue; } *skin; struct plum_stone stone; struct list_head next; };
`;

const moved = (store: string): string => `
void plum_mark(struct plum *plum, int at)
{
	spin_lock(&plum->lock);
-	${store}
 	spin_unlock(&plum->lock);
+	${store}
}
`;

const others = (inside: string, outside = ''): string => `
int plum_look(struct plum *plum, int at)
{
	spin_lock(&plum->lock);
	${inside}
	spin_unlock(&plum->lock);
	return 0;
}

void plum_bruise(struct plum *plum, int at)
{
	${outside}
}
`;

describe('what others keep the lock for', () => {
	it('is updated, though somebody else goes without', () => check(TYPES + moved('plum->flags |= 4;') + others('plum_show(plum->flags);', 'plum->flags = 0;'), 'introduces: data-race, lost-data'));
	it('is only set, as somebody else does without', () => check(TYPES + moved('plum->flags = 4;') + others('plum_show(plum->flags);', 'plum->flags = 0;'), 'no-failure'));
	it('is reached by an index that is a field itself', () => check(TYPES + moved('plum->sizes[plum->ripe] = 0;') + others('plum->sizes[at]++;'), 'introduces: lost-data'));
	it('is a member of an embedded struct', () => check(TYPES + moved('plum->stone.weight = 0;') + others('plum->stone.weight++;'), 'introduces: lost-data'));
	it('is a member of a pointer to a union without a name', () => check(TYPES + moved('plum->skin->red = 0;') + others('plum->skin->red++;'), 'introduces: lost-data'));
	it('is somebody\'s who has just made it', () => check(`${TYPES + moved('plum->ripe = 0;') + others('plum->ripe++;')}
struct plum *plum_pick(void)
{
	struct plum *plum = kzalloc(sizeof(*plum), GFP_KERNEL);

	if (plum)
		plum->ripe = 1;
	return plum;
}
`, 'introduces: lost-data'));

	it('is reached through a pointer at file scope', () => check(`${TYPES}
static struct plum *the_plum;

void plum_mark(void)
{
	spin_lock(&the_plum->lock);
-	the_plum->ripe = 1;
 	spin_unlock(&the_plum->lock);
+	the_plum->ripe = 1;
}

void plum_clear(void)
{
	spin_lock(&the_plum->lock);
	the_plum->ripe = 0;
	spin_unlock(&the_plum->lock);
}
`, 'introduces: lost-data'));

	it('is asked by a test that leaves', () => check(`${TYPES}
int plum_eat(struct plum *plum)
{
-	spin_lock(&plum->lock);
 	if (plum->ripe < 3) {
-		spin_unlock(&plum->lock);
 		return -EAGAIN;
	}
-	spin_unlock(&plum->lock);
 	return 0;
}
${others('plum->ripe++;')}`, 'introduces: lost-data'));

	it('is counted by who begins something, under the lock that it goes on taking', () => check(`${TYPES}
struct plum_pip { struct list_head next; };

int plum_pip_create(struct plum *plum, struct plum_pip *pip)
{
	spin_lock(&plum->lock);
	list_add(&pip->next, &plum->next);
-	plum->ripe++;
 	spin_unlock(&plum->lock);
+	plum->ripe++;
	return 0;
}
${others('plum->ripe--;')}`, 'introduces: data-race, lost-data'));

	it('is what a path shows that a call has filled a local for', () => check(`${TYPES}
int plum_store(struct plum *plum, const char *text)
{
	unsigned long value;

	if (kstrtoul(text, 0, &value))
		return -EINVAL;
	if (value < 1)
		return -ERANGE;
-	spin_lock(&plum->lock);
 	plum->ripe = value;
-	spin_unlock(&plum->lock);
	return 0;
}
${others('plum->ripe++;')}`, 'introduces: data-race, lost-data'));
});

describe('a call that nobody shows', () => {
	const file = (second: string): string => `${TYPES}
int plum_set(struct plum *plum, int to)
{
-	spin_lock(&plum->lock);
 	plum_write(plum, to);
-	spin_unlock(&plum->lock);
	return 0;
}

int plum_reset(struct plum *plum)
{
	spin_lock(&plum->lock);
	plum_write(plum, 0);
	spin_unlock(&plum->lock);
	return 0;
}
${second}`;

	it('is under the lock with two others', () => check(file(`
int plum_raise(struct plum *plum)
{
	spin_lock(&plum->lock);
	plum_write(plum, 1);
	spin_unlock(&plum->lock);
	return 0;
}
`), 'introduces: data-race, lost-data'));
	it('is under it with one other, by the way perhaps, as the mail has it', () => check(file(''), 'no-failure', false, 'the bus serialises writes'));
	it('is under it with one other, and the mail has no reason', () => check(file(''), 'introduces: data-race, lost-data'));
	it('is under it with one other, and by its name leaves the lock to who calls', () => check(file('').replaceAll('plum_write', '__plum_write'), 'introduces: data-race, lost-data'));
});

describe('a walk in a read side', () => {
	const file = (caller: string): string => `
struct plum { struct list_head next; struct timer_list timer; };
static LIST_HEAD(plums);

static void plum_stop(void)
{
	struct plum *plum;

-	rcu_read_lock();
 	list_for_each_entry_rcu(plum, &plums, next)
		plum_halt(&plum->timer);
-	rcu_read_unlock();
}
${caller}`;

	it('is done outside of one', () => check(file(`
void plum_end(void)
{
	plum_stop();
}
`), 'introduces: use-after-free', true));
	it('and its callers are in one', () => check(file(`
void plum_end(void)
{
	rcu_read_lock();
	plum_stop();
	rcu_read_unlock();
}
`), 'no-failure', true));
	it('and a lock is held there', () => check(`
struct plum { struct list_head next; struct timer_list timer; };
static LIST_HEAD(plums);
static DEFINE_SPINLOCK(plum_lock);

void plum_stop(void)
{
	struct plum *plum;

	spin_lock(&plum_lock);
-	rcu_read_lock();
 	list_for_each_entry_rcu(plum, &plums, next)
		plum_halt(&plum->timer);
-	rcu_read_unlock();
	spin_unlock(&plum_lock);
}
`, 'no-failure', true));
});
