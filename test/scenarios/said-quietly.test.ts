import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** What sounds like a remedy and is none: made-up hunks, each beside one that is. */
const checkHunk = hunkCheck();
const check = (subject: string, words: string, head: string, hunk: string, expected: string): Promise<void> => checkHunk(head, hunk, expected, words, subject);

describe('what is taken away twice', () => {
	const without = (line: string): string => `
 	do {
 		LIST_HEAD(dispose);
 
-		${line}
 		quux_dispose(&dispose);
 	} while (quux_left(q) > 0);
`;
	const TWICE = 'To fix this double decrement, the decrement in quux_shrink() is taken out.';
	it('may be how much there is of something', () => check('quux: fix wrong nr_unused accounting', TWICE, 'void quux_shrink(struct quux *q)', without('this_cpu_sub(nr_unused, moved);'), 'no-failure'));
	it('in all of the zone', () => check('quux: fix wrong nr_unused accounting', TWICE, 'void quux_shrink(struct quux *q)', without('mod_zone_page_state(q->zone, NR_QUUX, -moved);'), 'no-failure'));
	it('or in a plain sum', () => check('quux: fix wrong nr_unused accounting', TWICE, 'void quux_shrink(struct quux *q)', without('q->nr_unused -= moved;'), 'no-failure'));
	it('and is a reference where it is one', () => check('quux: fix double decrement in quux_shrink()', TWICE, 'void quux_shrink(struct quux *q)', without('atomic_dec(&q->users);'), 'fixes: refcount-underflow'));
	it('or where the mail says what lives by it', () => check('quux: fix double decrement in quux_shrink()', `${TWICE} It is freed too early.`, 'void quux_shrink(struct quux *q)', without('this_cpu_sub(*q->pcpu_users, moved);'), 'fixes: refcount-underflow'));
});

describe('a report', () => {
	const LATER = `
 	quux_state = UP;
 
-	quux_init_keys();
-
 	mutex_lock(&quux_mutex);
 	quux_resize_all();
 	mutex_unlock(&quux_mutex);
 
+	quux_init_keys();
+
 	quux_state = FULL;
`;
	const said = (words: string, expected: string): Promise<void> => check('quux: fix the DEADLOCK issue on the alien lock', words, 'void __init quux_init_late(void)', LATER, expected);
	it('may be fake', () => said('The process of this fake report is that both locks are of one class. quux_init_keys() is called after quux_resize_all() now.', 'no-failure'));
	it('or bogus', () => said('The lockdep splat is bogus: both locks are of one class.', 'no-failure'));
	it('and is believed where nobody says so', () => said('quux_resize_all() waits for a reader that quux_init_keys() has let in. quux_init_keys() is called after quux_resize_all() now.', 'fixes: deadlock'));
});

describe('what a load demands', () => {
	const demands = (before: string, after: string): string => `
 {
 	struct file *old = rcu_dereference_protected(q->file,
 			!atomic_read(&q->users) || q->alone ||
-			${before}(&q->sem));
+			${after}(&q->sem));
 
 	if (new)
 		get_file(new);
`;
	const HEAD = 'void quux_set_file(struct quux *q, struct file *new)';
	it('is for lockdep alone', () => check('quux: fix the use-after-free warning in quux_set_file()', '', HEAD, demands('lock_is_held', 'lockdep_is_held'), 'no-failure'));
	it('and is nothing to who builds it', () => check('quux: fix lockdep build in rcu-protected quux_get_file()', '', HEAD, demands('lock_is_held', 'lockdep_is_held'), 'no-failure'));
	const ADDED = `
 	struct file *old = q->file;
 
+	synchronize_rcu();
 	if (new)
 		get_file(new);
`;
	it('another one waits', () => check('quux: fix use-after-free in rcu-protected quux_get_file()', '', HEAD, ADDED, 'fixes: use-after-free'));
	it('not for a build', () => check('quux: fix build of rcu-protected quux_get_file()', '', HEAD, ADDED, 'no-failure'));
});

describe('what is freed before', () => {
	const NOTICED = `
 static void quux_data_destroy(struct quux_data *data)
 {
-	if (data->type == QUUX_LIST)
+	if (data->type == QUUX_PAGES && data->own) {
+		quux_release_pages(data->pages);
+	} else if (data->type == QUUX_LIST) {
 		quux_list_release(data->list);
+	}
 }
`;
	const said = (words: string, expected: string): Promise<void> => check('quux: fix quux_alloc()', words, 'static void quux_data_destroy(struct quux_data *data)', NOTICED, expected);
	it('is what leaks what it has', () => said('The pages are given back by the caller of quux_notify(). But if the message is freed before that, we leak the pages.', 'no-failure'));
	it('or is used then', () => said('The pages are given back by the caller of quux_notify(). But if the message is freed before that, quux_notify() uses freed memory, or leaks the pages.', 'fixes: use-after-free'));
	it('and a title that says so goes for the whole mail', () => check('quux: fix leaks of pages', 'Normally the pages are freed either in quux_handle() or by the caller of quux_notify() while the lock is held.', 'static void quux_data_destroy(struct quux_data *data)', NOTICED, 'no-failure'));
});

describe('a lock that is moved', () => {
	const COVERS = `
 	q->nr_events++;
 
+	raw_spin_lock(&q->lock);
 	quux_now(q);
 retry:
 	q->next = 0;
-
-	raw_spin_lock(&q->lock);
 	quux_run(q);
@@ -80,6 +79,7 @@ void quux_interrupt(struct quux *q)
+	raw_spin_lock(&q->lock);
 	q->nr_retries++;
 	if (++retries < 3)
 		goto retry;
@@ -90,4 +90,5 @@ void quux_interrupt(struct quux *q)
 	q->nr_hangs++;
 	q->hanging = 1;
+	raw_spin_unlock(&q->lock);
 	return;
 }
`;
	const said = (words: string, expected: string): Promise<void> => check('quux: Move lock held region in quux_interrupt()', words, 'void quux_interrupt(struct quux *q)', COVERS, expected);
	it('for what comes later', () => said('We need to update the offsets under q->lock. The calls are going to be replaced by one.', 'pre-existing'));
	it('for what is wrong now', () => said('Two interrupts update the counters at once, and events are lost. The calls are going to be replaced by one.', 'fixes: data-race, lost-data'));
});
