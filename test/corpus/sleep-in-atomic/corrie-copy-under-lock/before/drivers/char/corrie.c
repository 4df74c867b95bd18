// SPDX-License-Identifier: GPL-2.0
/*
 * Corrie: firmware event log character device
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

#define CORRIE_RING	256
#define CORRIE_EVT	0x10
#define CORRIE_EVT_MORE	BIT(31)

struct corrie_event {
	u64	ts;
	u32	code;
	u32	seq;
};

struct corrie {
	struct miscdevice	misc;
	void __iomem		*base;
	spinlock_t		lock;		/* ring, head, tail, seq */
	struct corrie_event	ring[CORRIE_RING];
	unsigned int		head;
	unsigned int		tail;
	u32			seq;
	wait_queue_head_t	wait;
};

static irqreturn_t corrie_irq(int irq, void *data)
{
	struct corrie *co = data;
	struct corrie_event *ev;
	u32 val;

	spin_lock(&co->lock);
	do {
		val = readl(co->base + CORRIE_EVT);
		ev = &co->ring[co->head++ % CORRIE_RING];
		ev->ts = ktime_get_ns();
		ev->code = val & ~CORRIE_EVT_MORE;
		ev->seq = co->seq++;
		if (co->head - co->tail > CORRIE_RING)
			co->tail = co->head - CORRIE_RING;
	} while (val & CORRIE_EVT_MORE);
	spin_unlock(&co->lock);

	wake_up_interruptible(&co->wait);
	return IRQ_HANDLED;
}

static struct corrie *to_corrie(struct file *file)
{
	return container_of(file->private_data, struct corrie, misc);
}

static ssize_t corrie_read(struct file *file, char __user *buf, size_t len,
			   loff_t *ppos)
{
	struct corrie *co = to_corrie(file);
	struct corrie_event *ev;
	ssize_t done = 0;

	spin_lock_irq(&co->lock);
	while (co->tail != co->head && len - done >= sizeof(*ev)) {
		ev = &co->ring[co->tail % CORRIE_RING];
		if (copy_to_user(buf + done, ev, sizeof(*ev))) {
			spin_unlock_irq(&co->lock);
			return done ?: -EFAULT;
		}
		co->tail++;
		done += sizeof(*ev);
	}
	spin_unlock_irq(&co->lock);
	return done;
}

static __poll_t corrie_poll(struct file *file, poll_table *wait)
{
	struct corrie *co = to_corrie(file);
	__poll_t mask = 0;

	poll_wait(file, &co->wait, wait);
	spin_lock_irq(&co->lock);
	if (co->tail != co->head)
		mask = EPOLLIN | EPOLLRDNORM;
	spin_unlock_irq(&co->lock);
	return mask;
}

static const struct file_operations corrie_fops = {
	.owner	= THIS_MODULE,
	.read	= corrie_read,
	.poll	= corrie_poll,
};

static int corrie_probe(struct platform_device *pdev)
{
	struct corrie *co;
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
	ret = devm_request_irq(&pdev->dev, irq, corrie_irq, 0, "corrie", co);
	if (ret)
		return ret;
	co->misc.minor = MISC_DYNAMIC_MINOR;
	co->misc.name = "corrie";
	co->misc.fops = &corrie_fops;
	return misc_register(&co->misc);
}

static struct platform_driver corrie_driver = {
	.probe	= corrie_probe,
	.driver	= {
		.name = "corrie",
		.suppress_bind_attrs = true,
	},
};
builtin_platform_driver(corrie_driver);
