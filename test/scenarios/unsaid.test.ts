import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** What a patch's own lines tell where its mail says nothing beside the title: each beside a change that looks alike. */
const check = hunkCheck();

describe('a reference that is dropped on a way out', () => {
	const dropped = (words: string, expected: string): Promise<void> => check('static int quux_open(struct quux *q, u32 id)', `
 	if (quux_is_gone(node)) {
 		pr_err("quux: gone\\n");
+		quux_node_put(node);
 		err = -ENOENT;
 		goto fail;
 	}
`, expected, words);
	it('was kept', () => dropped('', 'fixes: refcount-leak'));
	it('may have been handed over, where the mail speaks of something else', () => dropped('The new firmware hands nodes over.', 'no-failure'));
	it('is the same one by another name', () => check('static void quux_close(struct page *page)', `
 	struct quux *q = page_quux(page);
+	struct folio *folio = page_folio(page);
 
 	quux_unlink(q);
-	put_page(page);
+	folio_put(folio);
 }
`, 'no-failure'));
});

describe('a lock around what others change', () => {
	const locked = (words: string, expected: string): Promise<void> => check('static int quux_peek(struct quux *q)', `
 	struct quux_entry *entry;
 	int len = 0;
 
+	spin_lock(&q->lock);
 	entry = q->first;
 	if (entry)
 		len = entry->len;
+	spin_unlock(&q->lock);
 	return len;
 }
`, expected, words);
	it('is what a mail means that says in its own words what must not be', () => locked('Changing the entries behind the back of the reader wreaks havoc, so disallow that.', 'fixes: check-then-act, data-race, use-after-free'));
	it('is for nothing where the mail has it so', () => locked('This wreaks no havoc today, it is done just in case.', 'no-failure'));
	it('is for time saved where the mail has it so', () => locked('It prevents the overhead of going round again.', 'no-failure'));
	it('is for what the mail does not tell where it means to mend nothing', () => locked('The reader is as the others are now.', 'no-failure'));
	it('keeps them out', () => check('static int quux_peek(struct quux *q)', `
 	struct quux_entry *entry;
 	int len = 0;
 
+	spin_lock(&q->lock);
 	entry = q->first;
 	if (entry)
 		len = entry->len;
+	spin_unlock(&q->lock);
 	return len;
 }
`, 'fixes: check-then-act, data-race, use-after-free'));
	it('by another name', () => check('static int quux_peek(struct quux *q)', `
 	struct quux_entry *entry;
 	int len = 0;
 
-	spin_lock(&q->lock);
+	spin_lock(&q->entries_lock);
 	entry = q->first;
 	if (entry)
 		len = entry->len;
-	spin_unlock(&q->lock);
+	spin_unlock(&q->entries_lock);
 	return len;
 }
`, 'no-failure'));
	it('in its caller', () => check('static int quux_peek(struct quux *q)', `
-	spin_lock(&q->lock);
 	entry = q->first;
 	if (entry)
 		len = entry->len;
-	spin_unlock(&q->lock);
 	return len;
 }
 
 static int quux_show(struct quux *q, char *buf)
 {
 	int len;
 
+	spin_lock(&q->lock);
 	len = quux_peek(q);
+	spin_unlock(&q->lock);
 	return sysfs_emit(buf, "%d\\n", len);
 }
`, 'no-failure'));
	it('and around what lies in the frame', () => check('static int quux_xfer(struct quux *q, u32 cmd)', `
 	struct quux_req req = { .cmd = cmd };
 
+	mutex_lock(&q->xfer_lock);
 	init_completion(&req.done);
 
-	mutex_lock(&q->xfer_lock);
 	quux_send(q, &req);
 	if (!wait_for_completion_timeout(&req.done, HZ))
 		ret = -ETIMEDOUT;
 	mutex_unlock(&q->xfer_lock);
`, 'no-failure'));
});

describe('what is taken away', () => {
	const unasked = (words: string, expected: string): Promise<void> => check('static void quux_flush(struct quux *q)', `
 	mutex_lock(&q->lock);
-	if (!q->users)
-		quux_shut(q);
+	quux_shut(q);
 	mutex_unlock(&q->lock);
 }
`, expected, words);
	it('is a test that kept something from being done', () => unasked('', 'introduces: check-then-act, use-after-free'));
	it('is not missed where the mail has something to say of it', () => unasked('The last user is gone when this is called.', 'no-failure'));
	const parted = (first: string, expected: string): Promise<void> => check('static int quux_punch(struct quux *q, loff_t offset)', `
 	pgoff_t first;
 
-	mutex_lock(&q->lock);
 	${first}
+	mutex_lock(&q->lock);
 	quux_drop(q, first);
 	mutex_unlock(&q->lock);
 	return 0;
`, expected);
	it('is the lock at what was read before', () => parted('first = q->first;', 'introduces: check-then-act, data-race'));
	it('is the lock around what only computes', () => parted('first = DIV_ROUND_UP(offset, PAGE_SIZE);', 'no-failure'));
});

const filled = (now: string, expected: string): Promise<void> => check('static int quux_open(struct quux *q)', `
 	spin_lock_irq(&q->lock);
-	q->owner = t;
${now} 	spin_unlock_irq(&q->lock);
 
 	return err;
 }
`, expected);

describe('a place is filled where a test says no', () => {
	it('of the place', () => filled('+	if (q->owner)\n+		err = -EBUSY;\n+	else\n+		q->owner = t;\n', 'fixes: check-then-act, use-after-free'));
	it('of what was handed in', () => filled('+	if (err)\n+		err = -EBUSY;\n+	else\n+		q->owner = t;\n', 'no-failure'));
});
