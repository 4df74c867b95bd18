/*
 * wmon - link watchdog for the WM-1 dongle
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/usb.h>

#define WMON_PERIOD	(HZ / 2)

struct wmon {
	struct usb_device *udev;
	struct timer_list timer;
	unsigned long last_rx;
	unsigned int missed;
	spinlock_t lock;
};

static void wmon_timeout(unsigned long data)
{
	struct wmon *w = (struct wmon *)data;
	unsigned long flags;

	spin_lock_irqsave(&w->lock, flags);
	if (time_after(jiffies, w->last_rx + WMON_PERIOD))
		w->missed++;
	else
		w->missed = 0;
	if (w->missed > 4)
		dev_warn(&w->udev->dev, "link lost\n");
	spin_unlock_irqrestore(&w->lock, flags);

	mod_timer(&w->timer, jiffies + WMON_PERIOD);
}

void wmon_rx(struct wmon *w)
{
	unsigned long flags;

	spin_lock_irqsave(&w->lock, flags);
	w->last_rx = jiffies;
	spin_unlock_irqrestore(&w->lock, flags);
}

struct wmon *wmon_create(struct usb_device *udev)
{
	struct wmon *w;

	w = kzalloc(sizeof(*w), GFP_KERNEL);
	if (!w)
		return NULL;

	w->udev = usb_get_dev(udev);
	w->last_rx = jiffies;
	spin_lock_init(&w->lock);
	setup_timer(&w->timer, wmon_timeout, (unsigned long)w);
	mod_timer(&w->timer, jiffies + WMON_PERIOD);
	return w;
}

/* the caller has killed the rx urb */
void wmon_destroy(struct wmon *w)
{
	del_timer(&w->timer);
	usb_put_dev(w->udev);
	kfree(w);
}
