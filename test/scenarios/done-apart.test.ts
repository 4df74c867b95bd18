import { describe, it } from 'vitest';
import { fileCheck, hunkCheck } from './hunk-mail';

/** What is put in, as it was not found, or taken out, as it was found: in the section in which it was looked for, or in another one. */
const check = hunkCheck();
const ADD = 'int quux_set(struct quux *q, u32 id)';

describe('what was not found is put in', () => {
	const moved = (insert: string, lock = 'spin'): readonly [string, string] => [`
-	e = kzalloc(sizeof(*e), GFP_KERNEL);
-	if (!e)
-		return -ENOMEM;
 	${lock}_lock(&q->lock);
 	old = quux_find(q, id);
-	if (old) {
-		${lock}_unlock(&q->lock);
-		kfree(e);
-		return -EEXIST;
-	}
+	${lock}_unlock(&q->lock);
+	if (old)
+		return -EEXIST;
+	e = kzalloc(sizeof(*e), GFP_KERNEL);
+	if (!e)
+		return -ENOMEM;
+	${lock}_lock(&q->lock);
 	${insert};
 	${lock}_unlock(&q->lock);
 	return 0;
 }
`, 'It is not allocated for nothing then.'];
	const apart = ([hunk, words]: readonly [string, string], expected: string): Promise<void> => check(ADD, hunk, expected, words);
	it('into a list', () => apart(moved('list_add(&e->node, &q->all)'), 'introduces: check-then-act'));
	it('into a tree, by a call that nobody shows', () => apart(moved('quux_insert(q, e)', 'mutex'), 'introduces: check-then-act'));
	it('by a call that says whether it was the first', () => apart(moved('ret = quux_insert(q, e)'), 'no-failure'));
	it('under another lock over both', () => check(ADD, `
 	mutex_lock(&q->all_of_it);
 	spin_lock(&q->lock);
 	old = quux_find(q, id);
+	spin_unlock(&q->lock);
+	if (old)
+		goto out;
+	spin_lock(&q->lock);
-	if (old) {
-		spin_unlock(&q->lock);
-		goto out;
-	}
 	list_add(&e->node, &q->all);
 	spin_unlock(&q->lock);
 out:
 	mutex_unlock(&q->all_of_it);
 	return 0;
 }
`, 'no-failure', 'Sections are shorter so.'));
	it('is looked for there now', () => check(ADD, `
 	e = kzalloc(sizeof(*e), GFP_KERNEL);
 	if (!e)
 		return -ENOMEM;
+	spin_lock(&q->lock);
 	old = quux_find(q, id);
 	if (old) {
+		spin_unlock(&q->lock);
 		kfree(e);
 		return -EEXIST;
 	}
-	spin_lock(&q->lock);
 	list_add(&e->node, &q->all);
 	spin_unlock(&q->lock);
 	return 0;
 }
`, 'fixes: check-then-act, data-race', 'Two of them may add the same id at once.'));
});

const file = fileCheck('quay', 'look first');
describe('what was found is taken out', () => {
	const take = (expected: string): Promise<void> => file(`
struct berth {
	struct kref ref;
	u32 id;
};
static DEFINE_XARRAY(berths);

static void berth_release(struct kref *ref)
{
	kfree(container_of(ref, struct berth, ref));
}

int berth_add(struct berth *e)
{
	return xa_insert(&berths, e->id, e, GFP_KERNEL);
}

void berth_drop(u32 id)
{
-	struct berth *e = xa_erase(&berths, id);
+	struct berth *e = xa_load(&berths, id);

+	if (e)
+		xa_erase(&berths, id);
	if (e)
		kref_put(&e->ref, berth_release);
}
`, expected);
	it('and what says so is not asked', () => take('introduces: check-then-act, data-race'));
});
