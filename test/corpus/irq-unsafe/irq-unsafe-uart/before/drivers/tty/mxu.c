#include <linux/circ_buf.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/tty.h>

#define MXU_THR		0x00
#define MXU_IER		0x04
#define MXU_LSR		0x08
#define MXU_BUF		4096

struct mxu {
	void __iomem *base;
	int irq;
	spinlock_t lock;
	struct circ_buf xmit;
};

static void mxu_fill_fifo(struct mxu *mx)
{
	int n = 16;

	while (n-- && mx->xmit.head != mx->xmit.tail) {
		writeb(mx->xmit.buf[mx->xmit.tail], mx->base + MXU_THR);
		mx->xmit.tail = (mx->xmit.tail + 1) & (MXU_BUF - 1);
	}
	writeb(mx->xmit.head != mx->xmit.tail, mx->base + MXU_IER);
}

static irqreturn_t mxu_irq(int irq, void *dev_id)
{
	struct mxu *mx = dev_id;

	if (!(readb(mx->base + MXU_LSR) & 0x20))
		return IRQ_NONE;

	spin_lock(&mx->lock);
	mxu_fill_fifo(mx);
	spin_unlock(&mx->lock);
	return IRQ_HANDLED;
}

static int mxu_write(struct tty_struct *tty, const unsigned char *buf, int len)
{
	struct mxu *mx = tty->driver_data;
	int i;

	spin_lock(&mx->lock);
	for (i = 0; i < len; i++) {
		if (!CIRC_SPACE(mx->xmit.head, mx->xmit.tail, MXU_BUF))
			break;
		mx->xmit.buf[mx->xmit.head] = buf[i];
		mx->xmit.head = (mx->xmit.head + 1) & (MXU_BUF - 1);
	}
	mxu_fill_fifo(mx);
	spin_unlock(&mx->lock);
	return i;
}

static int mxu_startup(struct mxu *mx)
{
	mx->xmit.buf = (char *)__get_free_page(GFP_KERNEL);
	if (!mx->xmit.buf)
		return -ENOMEM;
	mx->xmit.head = mx->xmit.tail = 0;
	spin_lock_init(&mx->lock);
	return request_irq(mx->irq, mxu_irq, 0, "mxu", mx);
}

static void mxu_shutdown(struct mxu *mx)
{
	free_irq(mx->irq, mx);
	free_page((unsigned long)mx->xmit.buf);
}
