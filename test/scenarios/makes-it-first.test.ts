import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** Who makes an object's lock comes before those who take it. */
const checkHunk = hunkCheck();
const check = (made: string, expected: string): Promise<void> => checkHunk('struct quux {', hunk(made), expected, 'For the statistics.', 'quux: count requests');

const hunk = (made: string): string => `
 struct quux {
 	spinlock_t lock;
 	struct list_head queue;
+	u32 *count;
 };
 
 void quux_submit(struct quux *q, struct quux_req *req)
 {
 	spin_lock(&q->lock);
 	list_add_tail(&req->node, &q->queue);
 	spin_unlock(&q->lock);
+	*q->count = 1;
 }
 EXPORT_SYMBOL_GPL(quux_submit);
 
 static int quux_ready(struct device *dev, struct quux *q)
 {
${made} 	INIT_LIST_HEAD(&q->queue);
+	q->count = devm_kzalloc(dev, 4, GFP_KERNEL);
+	if (!q->count)
+		return -ENOMEM;
 	return 0;
 }
`;

describe('what is not set yet', () => {
	it('is before those who take the lock that is made there', () => check(' 	spin_lock_init(&q->lock);\n', 'no-failure'));
	it('is for anybody else', () => check('', 'introduces: use-after-free'));
});
