import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** An urb's completion is a thread that its submission starts: two urbs of a device are told apart by the fields that lead to them. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (disconnect: string, expected: string, more = ''): Promise<void> => {
	expect(await saidOfFile(analyzer, 'quux', 'stop on the way out', `
struct quux { struct urb *in_urb; struct urb *out_urb; spinlock_t lock; bool busy; int keys; };

static void quux_in(struct urb *urb)
{
	struct quux *q = urb->context;

	q->keys++;
	usb_submit_urb(urb, GFP_ATOMIC);
}

static void quux_out(struct urb *urb)
{
	struct quux *q = urb->context;
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	q->busy = false;
	spin_unlock_irqrestore(&q->lock, flags);
}

static int quux_alloc(struct quux *q)
{
	q->in_urb = usb_alloc_urb(0, GFP_KERNEL);
	q->out_urb = usb_alloc_urb(0, GFP_KERNEL);
	if (!q->in_urb || !q->out_urb)
		return -ENOMEM;
	usb_fill_int_urb(q->in_urb, q->udev, q->in_pipe, q->in_buf, 8, quux_in, q, 1);
	usb_fill_int_urb(q->out_urb, q->udev, q->out_pipe, q->out_buf, 8, quux_out, q, 1);
	return 0;
}

${more}
static void quux_disconnect(struct usb_interface *intf)
{
	struct quux *q = usb_get_intfdata(intf);

${disconnect}
	input_unregister_device(q->input);
	usb_free_urb(q->in_urb);
	usb_free_urb(q->out_urb);
	kfree(q);
}

static struct usb_driver quux_driver = {
	.disconnect = quux_disconnect,
${more ? '+	.suspend = quux_suspend,' : ''}
};
`)).toBe(expected);
};

describe('an urb', () => {
	it('is not stopped by killing another one', () => check('-	usb_kill_urb(q->out_urb);\n	usb_kill_urb(q->in_urb);', 'introduces: use-after-free'));
	it('is stopped by killing it', () => check('+	usb_kill_urb(q->out_urb);\n	usb_kill_urb(q->in_urb);', 'fixes: use-after-free'));
	it('is not waited for when it is only unlinked', () => check('	usb_kill_urb(q->in_urb);\n-	usb_kill_urb(q->out_urb);\n+	usb_unlink_urb(q->out_urb);', 'introduces: use-after-free'));
	it('is stopped in either order, and for good', () => check('-	usb_kill_urb(q->out_urb);\n	usb_kill_urb(q->in_urb);\n+	usb_poison_urb(q->out_urb);', 'no-failure'));
	it('is killed on the way to sleep as well, which never meets the unbinding', () => check('	usb_kill_urb(q->in_urb);\n	usb_kill_urb(q->out_urb);', 'no-failure', `
+static int quux_suspend(struct usb_interface *intf, pm_message_t message)
+{
+	struct quux *q = usb_get_intfdata(intf);
+
+	usb_kill_urb(q->in_urb);
+	return 0;
+}`));
});
