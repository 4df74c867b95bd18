// SPDX-License-Identifier: GPL-2.0
#include <linux/hid.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct hsen_hub {
	struct kref ref;
	struct list_head node;
	u32 uid;
	int nsensors;
};

struct hsen {
	struct hid_device *hdev;
	struct hsen_hub *hub;
	s16 bias[3];
};

static LIST_HEAD(hsen_hubs);
static DEFINE_MUTEX(hsen_hubs_lock);

static struct hsen_hub *hsen_hub_get(u32 uid)
{
	struct hsen_hub *h;

	mutex_lock(&hsen_hubs_lock);
	list_for_each_entry(h, &hsen_hubs, node) {
		if (h->uid == uid) {
			kref_get(&h->ref);
			goto out;
		}
	}
	h = kzalloc(sizeof(*h), GFP_KERNEL);
	if (h) {
		kref_init(&h->ref);
		h->uid = uid;
		list_add(&h->node, &hsen_hubs);
	}
out:
	mutex_unlock(&hsen_hubs_lock);
	return h;
}

static void hsen_hub_release(struct kref *ref)
{
	struct hsen_hub *h = container_of(ref, struct hsen_hub, ref);

	list_del(&h->node);
	mutex_unlock(&hsen_hubs_lock);
	kfree(h);
}

static void hsen_hub_put(struct hsen_hub *h)
{
	kref_put_mutex(&h->ref, hsen_hub_release, &hsen_hubs_lock);
}

static int hsen_calibrate(struct hsen *g)
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

static int hsen_bind(struct hsen *g, u32 uid)
{
	int ret;

	g->hub = hsen_hub_get(uid);
	if (!g->hub)
		return -ENOMEM;

	ret = hsen_calibrate(g);
	if (ret)
		goto err_put;

	ret = hid_hw_open(g->hdev);
	if (ret)
		goto err_put;

	return 0;

err_put:
	hsen_hub_put(g->hub);
	return ret;
}

static void hsen_unbind(struct hsen *g)
{
	hid_hw_close(g->hdev);
	hsen_hub_put(g->hub);
}
