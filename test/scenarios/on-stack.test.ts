import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays, saidOfFile } from './hunk-mail';

/** What lives in a function's frame, and is found there by others when the function has returned. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

describe('a request on the stack, in a file that is shown', () => {
	const check = async (giveUp: string, said: string): Promise<void> => expect(await saidOfFile(analyzer, 'rook', 'wait for a while only', `
struct rook_req { struct list_head node; struct completion done; int status; };
struct rook { spinlock_t lock; struct list_head pending; };

void rook_answer(struct rook *rook, int status)
{
	struct rook_req *req;

	spin_lock(&rook->lock);
	req = list_first_entry_or_null(&rook->pending, struct rook_req, node);
	if (req)
		list_del_init(&req->node);
	spin_unlock(&rook->lock);
	if (!req)
		return;
	req->status = status;
	complete(&req->done);
}

int rook_ask(struct rook *rook)
{
	struct rook_req req = { };

	init_completion(&req.done);
	spin_lock(&rook->lock);
	list_add_tail(&req.node, &rook->pending);
	spin_unlock(&rook->lock);
	if (rook_ring(rook)) {
		spin_lock(&rook->lock);
		list_del(&req.node);
		spin_unlock(&rook->lock);
		return -EIO;
	}
-	wait_for_completion(&req.done);
+	if (!wait_for_completion_timeout(&req.done, HZ)) {
${giveUp}+		return -ETIMEDOUT;
+	}
	return req.status;
}
`)).toBe(said);
	it('is left on the list', () => check('', 'introduces: use-after-free'));
	it('is taken off, or waited for where it was taken already', () => check(`+		bool listed;
+
+		spin_lock(&rook->lock);
+		listed = !list_empty(&req.node);
+		if (listed)
+			list_del_init(&req.node);
+		spin_unlock(&rook->lock);
+		if (!listed)
+			wait_for_completion(&req.done);
`, 'no-failure'));
});

it('a wait that may be given up, in a function shown in part', async () => {
	expect(await saidBothWays(analyzer, 'static int rook_ask(struct rook *rook, u32 op)', `
 	rook_post(rook, &req);
 	if (rook_ring(rook))
 		return -EIO;
 
-	wait_for_completion(&req.done);
+	if (wait_for_completion_killable(&req.done))
+		return -EINTR;
 
 	return req.status;
`)).toEqual(['introduces: use-after-free', 'fixes: use-after-free']);
});

it('is none where what is waited for is taken out then', async () => {
	expect(await saidBothWays(analyzer, 'static int rook_ask(struct rook *rook, u32 op)', `
 	rook_post(rook, &req);
 
-	wait_for_completion(&req.done);
+	if (wait_for_completion_killable(&req.done)) {
+		rook_forget(rook, &req);
+		return -EINTR;
+	}
 
 	return req.status;
`)).toEqual(['no-failure', 'no-failure']);
});

describe('a request on the stack, of which a remark speaks', () => {
	const HEAD = 'int rook_ask(struct rook *rook)';
	const hunk = (giveUp: string): string => `
 	writel(1, rook->regs);
-	if (!wait_for_completion_timeout(&req.done, HZ))
+	if (!wait_for_completion_timeout(&req.done, HZ)) {
+		/* req is on our stack, a late answer must not find it */
+		spin_lock_irq(&rook->lock);
+		${giveUp}
+		spin_unlock_irq(&rook->lock);
 		ret = -ETIMEDOUT;
+	}
 	mutex_unlock(&rook->mutex);
 	return ret;
 }
`;
	it('is taken back', async () => expect((await saidBothWays(analyzer, HEAD, hunk('rook->req = NULL;')))[0]).toBe('fixes: use-after-free'));
	it('is only counted', async () => expect((await saidBothWays(analyzer, HEAD, hunk('rook->late++;')))[0]).toBe('no-failure'));
});
