import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** What ends a failure that the mail claims, by what stands there instead, by a condition, or by a reference that is kept: each beside one that does not. */
const checkHunk = hunkCheck();
const check = (subject: string, words: string, head: string, hunk: string, expected: string): Promise<void> => checkHunk(head, hunk, expected, words, subject);

describe('what stands in the place of something else', () => {
	const freed = (call: string): string => `
 		quux_unlock(table);
 
 		if (peer)
-			kfree(candidate);
+			${call};
 		else
 			peer = candidate;
 	}
`;
	it('gives back what was kept', () => check('quux: fix a leak of the local end', 'quux_put_local() must be called for the candidate, as it holds a ref.', 'struct quux *quux_lookup(struct table *table)', freed('quux_free_peer(candidate)'), 'fixes: refcount-leak'));
	it('is no more than another name', () => check('quux: use the helper', 'There is one.', 'struct quux *quux_lookup(struct table *table)', freed('quux_free_peer(candidate)'), 'no-failure'));
	const asked = (condition: string): string => `
 		break;
 	case QUUX_RESOURCE:
-		if (atomic_read(&q->busy) || quux_blocked(q))
+		if (${condition})
 			ret = QUUX_DEV_RESOURCE;
 		break;
`;
	it('a condition that goes by less', () => check('quux: fix race between handling of resources and completion', 'All requests may be completed just after busy was read.', 'static int quux_queue(struct quux *q)', asked('quux_blocked(q)'), 'fixes: check-then-act'));
	it('is none in a mail that speaks of no trouble', () => check('quux: resources are counted elsewhere', 'That is the only reason.', 'static int quux_queue(struct quux *q)', asked('quux_blocked(q)'), 'no-failure'));
	const alone = (line: string): string => `
 	tbuf = kzalloc(size, GFP_KERNEL);
-	if (!tbuf)
-		return -ENOMEM;
+	if (!tbuf) {
+		${line}
+		goto out;
+	}
 
 	quux_fill(q, tbuf);
+out:
 	quux_report(q);
 	return 0;
 }
`;
	it('a result that is kept is the function\'s own', () => check('quux: fix list corruption', 'If the allocation fails it returns without unlinking.', 'static int quux_call(struct quux *q)', alone('ret = -ENOMEM;'), 'no-failure'));
});

describe('what is guarded', () => {
	const walk = (lock: string, unlock: string): string => `
 	struct quux *cur;
 
-	quux_for_each_link(cur, req)
-		quux_prepare(cur);
+	if (req->flags & QUUX_TIMEOUT) {
+		${lock}
+		quux_for_each_link(cur, req)
+			quux_prepare(cur);
+		${unlock}
+	} else {
+		quux_for_each_link(cur, req)
+			quux_prepare(cur);
+	}
 }
`;
	it('a walk that is under a lock in one of two branches', () => check('quux: fix quux_prepare_link locking', 'It is unsafe to traverse the list once the timeout is armed.', 'static void quux_prepare_link(struct quux *req)', walk('spin_lock_irq(&req->ctx->completion_lock);', 'spin_unlock_irq(&req->ctx->completion_lock);'), 'fixes: use-after-free'));
	it('and one that is only told of', () => check('quux: fix quux_prepare_link locking', 'It is unsafe to traverse the list once the timeout is armed.', 'static void quux_prepare_link(struct quux *req)', walk('pr_debug("locked");', 'pr_debug("unlocked");'), 'no-failure'));
	const PUT = (line: string): string => `
 		if (r)
 			goto out;
 		quux_fence_put(fence);
+		${line}
 	}
 	end = jiffies;
`;
	it('a second put', () => check('quux: fix double reference dropping', 'It is dropped again outside the loop.', 'static int quux_move(struct quux *q)', PUT('fence = NULL;'), 'fixes: refcount-underflow'));
	it('but not by another variable', () => check('quux: fix double reference dropping', 'It is dropped again outside the loop.', 'static int quux_move(struct quux *q)', PUT('r = 0;'), 'no-failure'));
	const bug = (words: string): Promise<void> => check('quux: convert VM_BUG_ON() to a graceful failure', words, 'static int quux_isolate(struct quux *q)', `
 			goto out;
 		}
 
-		VM_BUG_ON_PAGE(PageCompound(page), page);
+		if (PageCompound(page)) {
+			result = QUUX_COMPOUND;
+			goto out;
+		}
+
 		VM_BUG_ON_PAGE(!PageAnon(page), page);
`, words.includes('between') ? 'fixes: assertion' : 'no-failure');
	it('an assertion that another thread breaks', () => bug('But if between quux_scan() and quux_isolate() somebody managed to build one, VM_BUG_ON_PAGE(PageCompound(page)) will get triggered.\n\nFixes: 123456789abc ("quux: scan")'));
	it('one that a caller breaks', () => bug('A bad image makes VM_BUG_ON_PAGE(PageCompound(page)) fire.\n\nFixes: 123456789abc ("quux: scan")'));
	const moved = (words: string): Promise<void> => check('quux: move locking out of quux_release()', words, '', `
 void quux_release(struct quux *q)
 {
-	quux_map_lock(q->map);
+	quux_assert_locked(q->map);
 	if (quux_bad(q))
-		goto out_unlock;
+		return;
 	quux_punch(q);
-out_unlock:
-	quux_map_unlock(q->map);
 }
 
 void quux_end(struct quux *q)
 {
+	quux_map_lock(q->map);
 	quux_release(q);
+	quux_map_unlock(q->map);
 }
`, 'no-failure');
	it('a lock that a caller takes now is not one that was kept', () => moved('To be able to avoid a deadlock it needs to stop taking the lock, but doing so here would leak details.'));
});

describe('a reference that is kept', () => {
	const lost = (line: string): string => `
 		quux_log(q, "gone");
 		error = -ENOENT;
+		${line}
 		goto fail;
 	}
 
`;
	const head = 'static int quux_receive(struct quux *q)';
	it('is one whose put is lost', () => check('quux: lost quux_put_item on error path', 'Found by reading.', head, lost('quux_put_item(item);'), 'fixes: refcount-leak'));
	it('is not what a put is said to be slow at', () => check('quux: speed up quux_put_item on error path', 'It takes long.', head, lost('quux_put_item(item);'), 'no-failure'));
	it('is not what is logged', () => check('quux: lost quux_put_item on error path', 'Found by reading.', head, lost('pr_debug("lost");'), 'no-failure'));
	const way = `
 	if (!q->type)
 		return -EINVAL;
 
-	if (q->single)
-		return -EINVAL;
+	if (q->single)
+		goto bad;
 
 	if (!quux_fits(q)) {
 		q->error = "gap";
`;
	it('may be dropped behind a label that nobody shows', () => check('quux: fix error path of quux_add()', 'Any error must first call quux_type_put(). Otherwise the reference count will leak.', 'static int quux_add(struct quux *q)', way, 'fixes: refcount-leak'));
	it('is none where nobody speaks of one', () => check('quux: rework error path of quux_add()', 'Errors are told in one place.', 'static int quux_add(struct quux *q)', way, 'no-failure'));
});
