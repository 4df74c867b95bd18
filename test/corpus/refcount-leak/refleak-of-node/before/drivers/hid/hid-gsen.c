// SPDX-License-Identifier: GPL-2.0
#include <linux/hid.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct gsen_hub {
	struct kref ref;
	struct list_head node;
	u32 uid;
	int nsensors;
};

struct gsen {
	struct hid_device *hdev;
	struct gsen_hub *hub;
	s16 bias[3];
};

static LIST_HEAD(gsen_hubs);
static DEFINE_MUTEX(gsen_hubs_lock);

static struct gsen_hub *gsen_hub_get(u32 uid)
{
	struct gsen_hub *h;

	mutex_lock(&gsen_hubs_lock);
	list_for_each_entry(h, &gsen_hubs, node) {
		if (h->uid == uid) {
			kref_get(&h->ref);
			goto out;
		}
	}
	h = kzalloc(sizeof(*h), GFP_KERNEL);
	if (h) {
		kref_init(&h->ref);
		h->uid = uid;
		list_add(&h->node, &gsen_hubs);
	}
out:
	mutex_unlock(&gsen_hubs_lock);
	return h;
}

static void gsen_hub_release(struct kref *ref)
{
	struct gsen_hub *h = container_of(ref, struct gsen_hub, ref);

	list_del(&h->node);
	mutex_unlock(&gsen_hubs_lock);
	kfree(h);
}

static void gsen_hub_put(struct gsen_hub *h)
{
	kref_put_mutex(&h->ref, gsen_hub_release, &gsen_hubs_lock);
}

static int gsen_calibrate(struct gsen *g)
{
	u8 buf[8];
	int ret;

	ret = hid_hw_raw_request(g->hdev, 5, buf, sizeof(buf),
				 HID_FEATURE_REPORT, HID_REQ_GET_REPORT);
	if (ret < 0)
		return ret;
	memcpy(g->bias, buf + 2, sizeof(g->bias));
	return 0;
}

static int gsen_bind(struct gsen *g, u32 uid)
{
	int ret;

	g->hub = gsen_hub_get(uid);
	if (!g->hub)
		return -ENOMEM;

	ret = gsen_calibrate(g);
	if (ret)
		return ret;

	ret = hid_hw_open(g->hdev);
	if (ret)
		goto err_put;

	return 0;

err_put:
	gsen_hub_put(g->hub);
	return ret;
}

static void gsen_unbind(struct gsen *g)
{
	hid_hw_close(g->hdev);
	gsen_hub_put(g->hub);
}
