// What a look-up finds may be freed unless the look-up holds something.
// simulate: find_unlocked drop
// simulate: find_locked drop
// simulate: idr_user idr_dropper
#include <linux/xarray.h>

struct object {
	int value;
};

struct table {
	struct mutex lock;
	struct xarray objects;
	struct idr ids;
};

int find_unlocked(struct table *table, unsigned long index)
{
	struct object *object = xa_load(&table->objects, index);

	if (!object)
		return -ENOENT;
	return object->value;
}

int find_locked(struct table *table, unsigned long index)
{
	struct object *object;
	int value = -ENOENT;

	mutex_lock(&table->lock);
	object = xa_load(&table->objects, index);
	if (object)
		value = object->value;
	mutex_unlock(&table->lock);
	return value;
}

void drop(struct table *table, unsigned long index)
{
	struct object *object;

	mutex_lock(&table->lock);
	object = xa_erase(&table->objects, index);
	mutex_unlock(&table->lock);
	kfree(object);
}

int idr_user(struct table *table, int id)
{
	struct object *object = idr_find(&table->ids, id);

	return object ? object->value : 0;
}

void idr_dropper(struct table *table, int id)
{
	struct object *object;

	mutex_lock(&table->lock);
	object = idr_remove(&table->ids, id);
	mutex_unlock(&table->lock);
	kfree(object);
}
