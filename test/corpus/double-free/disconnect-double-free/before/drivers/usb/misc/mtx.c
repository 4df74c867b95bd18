#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/usb.h>

struct mtx {
	spinlock_t lock;
	struct usb_device *udev;
	u8 *buf;
	int opened;
	int gone;
};

static struct usb_driver mtx_driver;

static void mtx_free(struct mtx *mtx)
{
	usb_put_dev(mtx->udev);
	kfree(mtx->buf);
	kfree(mtx);
}

static int mtx_open(struct inode *inode, struct file *file)
{
	struct usb_interface *intf;
	struct mtx *mtx;
	int ret = 0;

	/* the minor rwsem of the usb core keeps mtx_disconnect() away */
	intf = usb_find_interface(&mtx_driver, iminor(inode));
	if (!intf)
		return -ENODEV;
	mtx = usb_get_intfdata(intf);

	spin_lock(&mtx->lock);
	if (mtx->opened)
		ret = -EBUSY;
	else
		mtx->opened = 1;
	spin_unlock(&mtx->lock);
	if (!ret)
		file->private_data = mtx;
	return ret;
}

static int mtx_release(struct inode *inode, struct file *file)
{
	struct mtx *mtx = file->private_data;

	mtx->opened = 0;
	if (mtx->gone)
		mtx_free(mtx);
	return 0;
}

static const struct file_operations mtx_fops = {
	.owner		= THIS_MODULE,
	.open		= mtx_open,
	.release	= mtx_release,
};

static struct usb_class_driver mtx_class = {
	.name		= "mtx%d",
	.fops		= &mtx_fops,
	.minor_base	= 192,
};

static int mtx_probe(struct usb_interface *intf,
		     const struct usb_device_id *id)
{
	struct mtx *mtx = kzalloc(sizeof(*mtx), GFP_KERNEL);
	int ret;

	if (!mtx)
		return -ENOMEM;
	spin_lock_init(&mtx->lock);
	mtx->udev = usb_get_dev(interface_to_usbdev(intf));
	mtx->buf = kmalloc(512, GFP_KERNEL);
	if (!mtx->buf) {
		mtx_free(mtx);
		return -ENOMEM;
	}
	usb_set_intfdata(intf, mtx);
	ret = usb_register_dev(intf, &mtx_class);
	if (ret)
		mtx_free(mtx);
	return ret;
}

static void mtx_disconnect(struct usb_interface *intf)
{
	struct mtx *mtx = usb_get_intfdata(intf);

	usb_deregister_dev(intf, &mtx_class);
	mtx->gone = 1;
	if (!mtx->opened)
		mtx_free(mtx);
}
