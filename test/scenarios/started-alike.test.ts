import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** Who waits to run in the beginning does so on both sides, though only one of them stops him: a whole made-up file, and what is said of its change. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (stops: string, expected: string): Promise<void> => {
	expect(await saidOfFile(analyzer, 'quux', 'fix a use after free of the driver data on disconnect', `
struct quux { struct urb *urb; struct work_struct reset; struct usb_device *udev; };

static void quux_irq(struct urb *urb)
{
	struct quux *q = urb->context;

	if (urb->status == -EPIPE) {
		schedule_work(&q->reset);
		return;
	}
	usb_submit_urb(urb, GFP_ATOMIC);
}

static void quux_reset(struct work_struct *work)
{
	struct quux *q = container_of(work, struct quux, reset);

	usb_clear_halt(q->udev, 1);
	usb_submit_urb(q->urb, GFP_KERNEL);
}

static int quux_probe(struct usb_interface *intf, const struct usb_device_id *id)
{
	struct quux *q = kzalloc(sizeof(*q), GFP_KERNEL);

	if (!q)
		return -ENOMEM;
	INIT_WORK(&q->reset, quux_reset);
	q->urb = usb_alloc_urb(0, GFP_KERNEL);
	usb_fill_int_urb(q->urb, q->udev, q->pipe, q->buf, 8, quux_irq, q, 1);
	usb_set_intfdata(intf, q);
	return usb_submit_urb(q->urb, GFP_KERNEL);
}

static void quux_disconnect(struct usb_interface *intf)
{
	struct quux *q = usb_get_intfdata(intf);

	usb_poison_urb(q->urb);
${stops}
	usb_free_urb(q->urb);
	kfree(q);
}

static struct usb_driver quux_driver = {
	.probe = quux_probe,
	.disconnect = quux_disconnect,
};
`)).toBe(expected);
};

describe('a work item that only the side after stops', () => {
	it('and does not wait for', () => check('+	cancel_work(&q->reset);', 'still-fails: use-after-free'));
	it('and waits for', () => check('+	cancel_work_sync(&q->reset);', 'fixes: use-after-free'));
});
