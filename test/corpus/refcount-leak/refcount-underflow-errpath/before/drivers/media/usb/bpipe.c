// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/usb.h>

struct bpipe {
	struct kref kref;
	struct usb_interface *intf;
	struct usb_device *udev;
	struct mutex lock;
	unsigned int users;
};

static void bpipe_delete(struct kref *kref)
{
	struct bpipe *bp = container_of(kref, struct bpipe, kref);

	usb_put_dev(bp->udev);
	kfree(bp);
}

static void bpipe_put(struct bpipe *bp)
{
	kref_put(&bp->kref, bpipe_delete);
}

/* Consumes the caller's reference on failure. */
static int bpipe_start(struct bpipe *bp)
{
	int ret;

	mutex_lock(&bp->lock);
	ret = usb_set_interface(bp->udev, 0, 1);
	if (!ret)
		bp->users++;
	mutex_unlock(&bp->lock);
	if (ret)
		bpipe_put(bp);
	return ret;
}

static int bpipe_open(struct inode *inode, struct file *file)
{
	struct bpipe *bp = bpipe_from_minor(iminor(inode));
	int ret;

	kref_get(&bp->kref);

	ret = bpipe_start(bp);
	if (ret)
		return ret;

	file->private_data = bp;
	return 0;
}

static int bpipe_release(struct inode *inode, struct file *file)
{
	struct bpipe *bp = file->private_data;

	mutex_lock(&bp->lock);
	if (!--bp->users)
		usb_set_interface(bp->udev, 0, 0);
	mutex_unlock(&bp->lock);
	bpipe_put(bp);
	return 0;
}

static int bpipe_probe(struct usb_interface *intf,
		       const struct usb_device_id *id)
{
	struct bpipe *bp = kzalloc(sizeof(*bp), GFP_KERNEL);

	if (!bp)
		return -ENOMEM;
	kref_init(&bp->kref);
	mutex_init(&bp->lock);
	bp->udev = usb_get_dev(interface_to_usbdev(intf));
	bp->intf = intf;
	usb_set_intfdata(intf, bp);
	return bpipe_register(bp);
}

static void bpipe_disconnect(struct usb_interface *intf)
{
	struct bpipe *bp = usb_get_intfdata(intf);

	bpipe_unregister(bp);
	bpipe_put(bp);
}
