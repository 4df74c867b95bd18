import { describe, it } from 'vitest';
import { fileCheck } from './hunk-mail';

/** What a call returns that nobody shows, and who called it frees, is its own; what it has found there, others find as well. */
const check = fileCheck('quux', 'report the count under the name that it has');

const asked = (call: string): string => `
struct quux_answer { u32 count; u32 kind; };
struct quux { void *handle; };

static u32 quux_count(struct quux *q)
{
	struct quux_answer *answer = ${call}(q->handle, 3);
	u32 count = 0;

	if (!answer)
		return 0;
	count = answer->count;
-	kfree(answer);
+	qx_give_back(answer);
	return count;
}

static ssize_t quux_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	return quux_count(file->private_data);
}

static long quux_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return quux_count(file->private_data);
}

static const struct file_operations quux_fops = { .write = quux_write, .unlocked_ioctl = quux_ioctl };
`;

describe('two threads that free what they got', () => {
	it('by a call that answers them', () => check(asked('qx_evaluate'), 'no-failure'));
	it('by a call that finds it', () => check(asked('qx_find_answer'), 'fixes: use-after-free'));
});
