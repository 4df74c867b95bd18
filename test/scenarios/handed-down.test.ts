import { describe, it } from 'vitest';
import { fileCheck } from './hunk-mail';

/** A lock that the caller held around a call is taken by who is called instead. */
describe('a lock that is handed down', () => {
	const check = fileCheck('quux', 'push quux_lock down, to call quux_scan() without quux_lock', false);
	const file = (caller: string): string => `
static int quux_change(struct quux *q, int fd)
{
	int err;

+	mutex_lock(&quux_lock);
	err = quux_validate(q, fd);
	q->fd = fd;
+	mutex_unlock(&quux_lock);
	return err;
}

static long quux_ioctl(struct quux *q, unsigned int cmd, unsigned long arg)
{
	int err = -EINVAL;

	switch (cmd) {
	case QUUX_CHANGE:
${caller}
		break;
	}
	return err;
}
`;
	const handed = '-		mutex_lock(&quux_lock);\n		err = quux_change(q, arg);\n-		mutex_unlock(&quux_lock);';
	it('is what it was', () => check(file(handed), 'no-failure'));
	it('is one more where nobody held it before', () => check(file('		err = quux_change(q, arg);'), 'fixes: data-race, lost-data, use-after-free'));
});
