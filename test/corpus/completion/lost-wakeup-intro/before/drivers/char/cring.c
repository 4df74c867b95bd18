/*
 * cring - character ring of the C-Link adapter
 */
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/kfifo.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

struct cring {
	void __iomem *regs;
	struct mutex read_lock;
	wait_queue_head_t wait;
	DECLARE_KFIFO(fifo, u8, 1024);
};

static irqreturn_t cring_irq(int irq, void *dev_id)
{
	struct cring *c = dev_id;
	u32 st = readl(c->regs);

	if (!(st & 0x100))
		return IRQ_NONE;
	kfifo_put(&c->fifo, st & 0xff);
	wake_up_interruptible(&c->wait);
	return IRQ_HANDLED;
}

static ssize_t cring_read(struct file *file, char __user *buf, size_t len,
			  loff_t *ppos)
{
	struct cring *c = file->private_data;
	unsigned int copied = 0;
	DEFINE_WAIT(wait);
	int ret = 0;

	if (mutex_lock_interruptible(&c->read_lock))
		return -ERESTARTSYS;

	for (;;) {
		prepare_to_wait(&c->wait, &wait, TASK_INTERRUPTIBLE);
		if (!kfifo_is_empty(&c->fifo))
			break;
		if (signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
		schedule();
	}
	finish_wait(&c->wait, &wait);

	if (!ret)
		ret = kfifo_to_user(&c->fifo, buf, len, &copied);
	mutex_unlock(&c->read_lock);

	return ret ? ret : copied;
}

static unsigned int cring_poll(struct file *file, poll_table *pt)
{
	struct cring *c = file->private_data;

	poll_wait(file, &c->wait, pt);
	return kfifo_is_empty(&c->fifo) ? 0 : POLLIN | POLLRDNORM;
}

static void cring_setup(struct cring *c)
{
	mutex_init(&c->read_lock);
	init_waitqueue_head(&c->wait);
	INIT_KFIFO(c->fifo);
}

static const struct file_operations cring_fops = {
	.owner	= THIS_MODULE,
	.read	= cring_read,
	.poll	= cring_poll,
};
