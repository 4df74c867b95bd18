import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile, saidOfHunk } from './hunk-mail';

/** What readers find by a walk in a section: the lines of a file that the patch shows, and what is said of them. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (file: string, said: string): Promise<void> => expect(await saidOfFile(analyzer, 'quay', 'rework the berths', file)).toBe(said);
const checkHunk = async (words: string, hunk: string, said: string): Promise<void> => expect(await saidOfHunk(analyzer, words, 'int quay_count(struct quay *quay)', hunk, 'quay: tidy the count')).toBe(said);

const TYPES = `struct berth {
	struct list_head node;
	struct rcu_head rcu;
	struct kref ref;
	int id;
	int depth;
};
struct quay {
	struct list_head berths;
	struct mutex lock;
};`;

describe('an entry that is returned out of the section', () => {
	const user = (found: string): string => `${TYPES}
+static struct berth *quay_find(struct quay *quay, int id)
+{
+	struct berth *berth;
+
+	rcu_read_lock();
+	list_for_each_entry_rcu(berth, &quay->berths, node) {
+		if (berth->id == id${found}) {
+			rcu_read_unlock();
+			return berth;
+		}
+	}
+	rcu_read_unlock();
+	return NULL;
+}
+
 int quay_depth(struct quay *quay, int id)
 {
-	struct berth *berth;
+	struct berth *berth = quay_find(quay, id);
 	int depth = -1;

-	rcu_read_lock();
-	list_for_each_entry_rcu(berth, &quay->berths, node)
-		if (berth->id == id)
-			depth = berth->depth;
-	rcu_read_unlock();
+	if (berth)
+		depth = berth->depth;
 	return depth;
 }`.replace(/^ /gm, '');
	it('as it is', () => check(user(''), 'introduces: use-after-free'));
	it('with a reference, which nobody drops', () => check(user(' && kref_get_unless_zero(&berth->ref)'), 'introduces: refcount-leak'));
});

describe('a section around a walk that is taken away', () => {
	const hunk = `
 	struct berth *berth;
 	int count = 0;
 
-	rcu_read_lock();
 	list_for_each_entry_rcu(berth, &quay->berths, node)
 		count += berth->depth;
-	rcu_read_unlock();
 
 	return count;
`;
	it('without a word of why', () => checkHunk('Two lines less.', hunk, 'introduces: use-after-free'));
	it('where callers are said to be in one', () => checkHunk('The callers are in a read section.', hunk, 'no-failure'));
});

describe('a list that is walked under its lock alone from now on', () => {
	const file = (walk: string): string => `${TYPES}
int quay_depth(struct quay *quay)
{
	struct berth *berth;
	int depth = 0;

	mutex_lock(&quay->lock);
-	list_for_each_entry_rcu(berth, &quay->berths, node)
+	list_for_each_entry(berth, &quay->berths, node)
		depth += berth->depth;
	mutex_unlock(&quay->lock);
	return depth;
}
${walk}
void quay_drop(struct quay *quay, struct berth *berth)
{
	mutex_lock(&quay->lock);
-	list_del_rcu(&berth->node);
+	list_del(&berth->node);
	mutex_unlock(&quay->lock);
-	kfree_rcu(berth, rcu);
+	kfree(berth);
}`;
	it('and by nobody else', () => check(file(''), 'no-failure'));
	it('but for one', () => check(file(`int quay_count(struct quay *quay)
{
	struct berth *berth;
	int count = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(berth, &quay->berths, node)
		count += berth->depth;
	rcu_read_unlock();
	return count;
}
`), 'introduces: use-after-free'));
});

describe('a section around a pointer that is fetched where it is followed', () => {
	const check = async (before: string, after: string, said: string, [take, drop]: readonly [string, string] = ['', '']): Promise<void> => expect(await saidOfHunk(analyzer, 'Looking at it without a lock is only right under the protection of RCU.', 'int quay_count(struct quay *quay)', `
 	int count = 0;

 ${take}
-	if (${before})
+	rcu_read_lock();
+	if (${after})
 		count = 1;
+	rcu_read_unlock();
 ${drop}
 	return count;
 }
`, 'quay: count under RCU')).toBe(said);
	it('by a function that it is handed to', () => check('is_afloat(quay->berth)', 'is_afloat(rcu_dereference(quay->berth))', 'fixes: data-race, use-after-free'));
	it('by a member of it', () => check('READ_ONCE(quay->berth)->depth', 'rcu_dereference(quay->berth)->depth', 'fixes: use-after-free'));
	it('and only looked at', () => check('READ_ONCE(quay->berth)', 'rcu_dereference(quay->berth)', 'no-failure'));
	it('under a lock that is held anyhow', () => check('is_afloat(READ_ONCE(quay->berth))', 'is_afloat(rcu_dereference(quay->berth))', 'no-failure', ['\tmutex_lock(&quay->lock);', '\tmutex_unlock(&quay->lock);']));
});
