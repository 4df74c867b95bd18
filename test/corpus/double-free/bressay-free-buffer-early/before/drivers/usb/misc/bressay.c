// SPDX-License-Identifier: GPL-2.0
/*
 * Bressay USB measuring adapter
 */
#include <linux/errno.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/usb.h>

#define BRESSAY_BUF	512

struct bressay {
	struct kref		kref;
	struct usb_device	*udev;
	struct usb_interface	*intf;
	struct mutex		io_mutex;	/* disconnected, buf */
	bool			disconnected;
	u8			*buf;
	u8			ep_in;
};

static struct usb_driver bressay_driver;

static void bressay_delete(struct kref *kref)
{
	struct bressay *br = container_of(kref, struct bressay, kref);

	usb_put_dev(br->udev);
	kfree(br->buf);
	kfree(br);
}

static int bressay_open(struct inode *inode, struct file *file)
{
	struct usb_interface *intf;
	struct bressay *br;

	intf = usb_find_interface(&bressay_driver, iminor(inode));
	if (!intf)
		return -ENODEV;
	br = usb_get_intfdata(intf);
	if (!br)
		return -ENODEV;
	kref_get(&br->kref);
	file->private_data = br;
	return 0;
}

static int bressay_release(struct inode *inode, struct file *file)
{
	struct bressay *br = file->private_data;

	kref_put(&br->kref, bressay_delete);
	return 0;
}

static ssize_t bressay_read(struct file *file, char __user *ubuf, size_t len,
			    loff_t *ppos)
{
	struct bressay *br = file->private_data;
	int actual, ret;

	len = min_t(size_t, len, BRESSAY_BUF);
	mutex_lock(&br->io_mutex);
	if (br->disconnected) {
		ret = -ENODEV;
		goto out;
	}
	ret = usb_bulk_msg(br->udev, usb_rcvbulkpipe(br->udev, br->ep_in),
			   br->buf, len, &actual, 1000);
	if (ret)
		goto out;
	ret = copy_to_user(ubuf, br->buf, actual) ? -EFAULT : actual;
out:
	mutex_unlock(&br->io_mutex);
	return ret;
}

static const struct file_operations bressay_fops = {
	.owner		= THIS_MODULE,
	.open		= bressay_open,
	.release	= bressay_release,
	.read		= bressay_read,
};

static struct usb_class_driver bressay_class = {
	.name		= "bressay%d",
	.fops		= &bressay_fops,
	.minor_base	= 200,
};

static int bressay_probe(struct usb_interface *intf,
			 const struct usb_device_id *id)
{
	struct usb_endpoint_descriptor *in;
	struct bressay *br;
	int ret;

	br = kzalloc(sizeof(*br), GFP_KERNEL);
	if (!br)
		return -ENOMEM;
	kref_init(&br->kref);
	mutex_init(&br->io_mutex);
	br->udev = usb_get_dev(interface_to_usbdev(intf));
	br->intf = intf;
	br->buf = kmalloc(BRESSAY_BUF, GFP_KERNEL);
	ret = -ENOMEM;
	if (!br->buf)
		goto err;
	ret = usb_find_common_endpoints(intf->cur_altsetting, &in, NULL, NULL,
					NULL);
	if (ret)
		goto err;
	br->ep_in = in->bEndpointAddress;
	usb_set_intfdata(intf, br);
	ret = usb_register_dev(intf, &bressay_class);
	if (ret)
		goto err;
	return 0;
err:
	usb_set_intfdata(intf, NULL);
	kref_put(&br->kref, bressay_delete);
	return ret;
}

static void bressay_disconnect(struct usb_interface *intf)
{
	struct bressay *br = usb_get_intfdata(intf);

	/* waits for bressay_open(), usb core holds minor_rwsem over it */
	usb_deregister_dev(intf, &bressay_class);
	usb_set_intfdata(intf, NULL);

	mutex_lock(&br->io_mutex);
	br->disconnected = true;
	mutex_unlock(&br->io_mutex);

	kref_put(&br->kref, bressay_delete);
}

static const struct usb_device_id bressay_ids[] = {
	{ USB_DEVICE(0x1209, 0xb4e5) },
	{ }
};
MODULE_DEVICE_TABLE(usb, bressay_ids);

static struct usb_driver bressay_driver = {
	.name		= "bressay",
	.id_table	= bressay_ids,
	.probe		= bressay_probe,
	.disconnect	= bressay_disconnect,
};
module_usb_driver(bressay_driver);
MODULE_LICENSE("GPL");
