// SPDX-License-Identifier: GPL-2.0
/*
 * f_scree - vendor bulk pipe gadget function
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/usb/composite.h>
#include "u_scree.h"

#define SCREE_BUFLEN	4096

struct scree_buf {
	struct list_head	list;
	unsigned int		len;
	u8			data[SCREE_BUFLEN];
};

struct f_scree {
	struct usb_function	func;
	struct usb_ep		*out_ep;
	struct usb_request	*req;
	spinlock_t		lock;		/* rx list */
	struct list_head	rx;
	unsigned int		rx_count;
	wait_queue_head_t	wait;
};

static void scree_out_complete(struct usb_ep *ep, struct usb_request *req)
{
	struct f_scree *sc = req->context;
	struct scree_buf *buf;

	if (req->status)
		return;

	spin_lock(&sc->lock);
	buf = kmalloc(sizeof(*buf), GFP_KERNEL);
	if (buf) {
		buf->len = min_t(unsigned int, req->actual, SCREE_BUFLEN);
		memcpy(buf->data, req->buf, buf->len);
		list_add_tail(&buf->list, &sc->rx);
		sc->rx_count++;
	}
	spin_unlock(&sc->lock);

	wake_up_interruptible(&sc->wait);
	usb_ep_queue(ep, req, GFP_ATOMIC);
}

static struct scree_buf *scree_next(struct f_scree *sc)
{
	struct scree_buf *buf;
	unsigned long flags;

	spin_lock_irqsave(&sc->lock, flags);
	buf = list_first_entry_or_null(&sc->rx, struct scree_buf, list);
	if (buf) {
		list_del(&buf->list);
		sc->rx_count--;
	}
	spin_unlock_irqrestore(&sc->lock, flags);
	return buf;
}

ssize_t scree_read(struct f_scree *sc, char __user *ubuf, size_t len)
{
	struct scree_buf *buf;
	ssize_t ret;

	ret = wait_event_interruptible(sc->wait, (buf = scree_next(sc)));
	if (ret)
		return ret;
	len = min_t(size_t, len, buf->len);
	ret = copy_to_user(ubuf, buf->data, len) ? -EFAULT : len;
	kfree(buf);
	return ret;
}

static int scree_set_alt(struct usb_function *f, unsigned int intf,
			 unsigned int alt)
{
	struct f_scree *sc = container_of(f, struct f_scree, func);
	int ret;

	ret = config_ep_by_speed(f->config->cdev->gadget, f, sc->out_ep);
	if (ret)
		return ret;
	ret = usb_ep_enable(sc->out_ep);
	if (ret)
		return ret;
	sc->req->context = sc;
	sc->req->complete = scree_out_complete;
	sc->req->length = SCREE_BUFLEN;
	return usb_ep_queue(sc->out_ep, sc->req, GFP_ATOMIC);
}

static void scree_disable(struct usb_function *f)
{
	struct f_scree *sc = container_of(f, struct f_scree, func);

	usb_ep_disable(sc->out_ep);
}

struct f_scree *scree_alloc(void)
{
	struct f_scree *sc = kzalloc(sizeof(*sc), GFP_KERNEL);

	if (!sc)
		return NULL;
	spin_lock_init(&sc->lock);
	INIT_LIST_HEAD(&sc->rx);
	init_waitqueue_head(&sc->wait);
	sc->func.name = "scree";
	sc->func.set_alt = scree_set_alt;
	sc->func.disable = scree_disable;
	return sc;
}
