// SPDX-License-Identifier: GPL-2.0
#include <linux/acpi.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "evq.h"

static LIST_HEAD(evq_subscribers);
static DEFINE_MUTEX(evq_lock);

struct evq_sub {
	struct list_head list;
	void (*fn)(void *ctx, u32 event);
	void *ctx;
};

int evq_subscribe(struct evq_sub *sub)
{
	if (!sub->fn)
		return -EINVAL;

	mutex_lock(&evq_lock);
	list_add_tail(&sub->list, &evq_subscribers);
	mutex_unlock(&evq_lock);
	return 0;
}
EXPORT_SYMBOL_GPL(evq_subscribe);

void evq_unsubscribe(struct evq_sub *sub)
{
	mutex_lock(&evq_lock);
	list_del(&sub->list);
	mutex_unlock(&evq_lock);
}
EXPORT_SYMBOL_GPL(evq_unsubscribe);

static void evq_notify(acpi_handle handle, u32 event, void *data)
{
	struct evq_sub *sub;

	mutex_lock(&evq_lock);
	list_for_each_entry(sub, &evq_subscribers, list)
		sub->fn(sub->ctx, event);
	mutex_unlock(&evq_lock);
}

static int evq_add(struct acpi_device *adev)
{
	acpi_status status;

	status = acpi_install_notify_handler(adev->handle, ACPI_DEVICE_NOTIFY,
					     evq_notify, NULL);
	return ACPI_FAILURE(status) ? -ENODEV : 0;
}

static int evq_remove(struct acpi_device *adev)
{
	acpi_remove_notify_handler(adev->handle, ACPI_DEVICE_NOTIFY,
				   evq_notify);
	return 0;
}

static const struct acpi_device_id evq_ids[] = {
	{ "EVQ0001", 0 },
	{ }
};

static struct acpi_driver evq_driver = {
	.name	= "evq",
	.ids	= evq_ids,
	.ops	= {
		.add	= evq_add,
		.remove	= evq_remove,
	},
};
module_acpi_driver(evq_driver);
MODULE_LICENSE("GPL");
