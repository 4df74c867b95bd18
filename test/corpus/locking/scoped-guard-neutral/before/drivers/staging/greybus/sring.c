// SPDX-License-Identifier: GPL-2.0
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct sring_msg;

struct sring_client {
	struct list_head node;
	struct mutex lock;
	u8 cport;
	bool configured;
	void (*rx)(struct sring_client *c, struct sring_msg *msg);
};

struct sring {
	struct mutex list_lock;
	struct list_head clients;
	unsigned int nclients;
};

void sring_broadcast(struct sring *tr, struct sring_msg *msg)
{
	struct sring_client *c;

	mutex_lock(&tr->list_lock);
	list_for_each_entry(c, &tr->clients, node) {
		mutex_lock(&c->lock);
		if (c->configured)
			c->rx(c, msg);
		mutex_unlock(&c->lock);
	}
	mutex_unlock(&tr->list_lock);
}

static int sring_configure(struct sring_client *c, u8 cport)
{
	lockdep_assert_held(&c->lock);

	if (c->configured)
		return -EBUSY;
	WRITE_ONCE(c->cport, cport);
	c->configured = true;
	return 0;
}

int sring_add_client(struct sring *tr, struct sring_client *c, u8 cport)
{
	int ret;

	mutex_lock(&tr->list_lock);
	list_add_tail(&c->node, &tr->clients);
	tr->nclients++;
	mutex_unlock(&tr->list_lock);

	mutex_lock(&c->lock);
	ret = sring_configure(c, cport);
	mutex_unlock(&c->lock);
	return ret;
}

static void __sring_insert(struct sring *tr, struct sring_client *c)
{
	struct sring_client *pos;

	list_for_each_entry(pos, &tr->clients, node)
		if (READ_ONCE(pos->cport) > READ_ONCE(c->cport))
			break;
	list_add_tail(&c->node, &pos->node);
}

/* c has been added before */
void sring_move_client(struct sring *tr, struct sring_client *c, u8 cport)
{
	mutex_lock(&c->lock);
	WRITE_ONCE(c->cport, cport);
	mutex_unlock(&c->lock);

	mutex_lock(&tr->list_lock);
	list_del(&c->node);
	__sring_insert(tr, c);
	mutex_unlock(&tr->list_lock);
}

void sring_del_client(struct sring *tr, struct sring_client *c)
{
	mutex_lock(&tr->list_lock);
	list_del(&c->node);
	tr->nclients--;
	mutex_unlock(&tr->list_lock);
}

void sring_init(struct sring *tr)
{
	mutex_init(&tr->list_lock);
	INIT_LIST_HEAD(&tr->clients);
	tr->nclients = 0;
}
