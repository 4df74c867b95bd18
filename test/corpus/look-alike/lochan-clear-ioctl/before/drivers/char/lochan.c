// SPDX-License-Identifier: GPL-2.0
/*
 * Lochan: firmware event log character device
 */
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#define LOCHAN_RING	256
#define LOCHAN_EVT	0x10
#define LOCHAN_EVT_MORE	BIT(31)

struct lochan_event {
	u64	ts;
	u32	code;
	u32	seq;
};

struct lochan {
	struct miscdevice	misc;
	void __iomem		*base;
	spinlock_t		lock;		/* ring, head, tail, seq */
	struct lochan_event	ring[LOCHAN_RING];
	unsigned int		head;
	unsigned int		tail;
	u32			seq;
	wait_queue_head_t	wait;
};

static irqreturn_t lochan_irq(int irq, void *data)
{
	struct lochan *co = data;
	struct lochan_event *ev;
	u32 val;

	spin_lock(&co->lock);
	do {
		val = readl(co->base + LOCHAN_EVT);
		ev = &co->ring[co->head++ % LOCHAN_RING];
		ev->ts = ktime_get_ns();
		ev->code = val & ~LOCHAN_EVT_MORE;
		ev->seq = co->seq++;
		if (co->head - co->tail > LOCHAN_RING)
			co->tail = co->head - LOCHAN_RING;
	} while (val & LOCHAN_EVT_MORE);
	spin_unlock(&co->lock);

	wake_up_interruptible(&co->wait);
	return IRQ_HANDLED;
}

static struct lochan *to_lochan(struct file *file)
{
	return container_of(file->private_data, struct lochan, misc);
}

static ssize_t lochan_read(struct file *file, char __user *buf, size_t len,
			   loff_t *ppos)
{
	struct lochan *co = to_lochan(file);
	struct lochan_event ev;
	ssize_t done = 0;

	spin_lock_irq(&co->lock);
	while (co->tail != co->head && len - done >= sizeof(ev)) {
		ev = co->ring[co->tail % LOCHAN_RING];
		co->tail++;
		spin_unlock_irq(&co->lock);

		if (copy_to_user(buf + done, &ev, sizeof(ev)))
			return done ?: -EFAULT;
		done += sizeof(ev);

		spin_lock_irq(&co->lock);
	}
	spin_unlock_irq(&co->lock);
	return done;
}

static __poll_t lochan_poll(struct file *file, poll_table *wait)
{
	struct lochan *co = to_lochan(file);
	__poll_t mask = 0;

	poll_wait(file, &co->wait, wait);
	spin_lock_irq(&co->lock);
	if (co->tail != co->head)
		mask = EPOLLIN | EPOLLRDNORM;
	spin_unlock_irq(&co->lock);
	return mask;
}

static const struct file_operations lochan_fops = {
	.owner	= THIS_MODULE,
	.read	= lochan_read,
	.poll	= lochan_poll,
};

static int lochan_probe(struct platform_device *pdev)
{
	struct lochan *co;
	int irq, ret;

	co = devm_kzalloc(&pdev->dev, sizeof(*co), GFP_KERNEL);
	if (!co)
		return -ENOMEM;
	co->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(co->base))
		return PTR_ERR(co->base);
	spin_lock_init(&co->lock);
	init_waitqueue_head(&co->wait);
	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;
	ret = devm_request_irq(&pdev->dev, irq, lochan_irq, 0, "lochan", co);
	if (ret)
		return ret;
	co->misc.minor = MISC_DYNAMIC_MINOR;
	co->misc.name = "lochan";
	co->misc.fops = &lochan_fops;
	return misc_register(&co->misc);
}

static struct platform_driver lochan_driver = {
	.probe	= lochan_probe,
	.driver	= {
		.name = "lochan",
		.suppress_bind_attrs = true,
	},
};
builtin_platform_driver(lochan_driver);
