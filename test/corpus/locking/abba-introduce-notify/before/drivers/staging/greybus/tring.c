// SPDX-License-Identifier: GPL-2.0
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct tring_msg;

struct tring_client {
	struct list_head node;
	struct mutex lock;
	u8 cport;
	bool configured;
	void (*rx)(struct tring_client *c, struct tring_msg *msg);
};

struct tring {
	struct mutex list_lock;
	struct list_head clients;
	unsigned int nclients;
};

void tring_broadcast(struct tring *tr, struct tring_msg *msg)
{
	struct tring_client *c;

	mutex_lock(&tr->list_lock);
	list_for_each_entry(c, &tr->clients, node) {
		mutex_lock(&c->lock);
		if (c->configured)
			c->rx(c, msg);
		mutex_unlock(&c->lock);
	}
	mutex_unlock(&tr->list_lock);
}

static int tring_configure(struct tring_client *c, u8 cport)
{
	lockdep_assert_held(&c->lock);

	if (c->configured)
		return -EBUSY;
	WRITE_ONCE(c->cport, cport);
	c->configured = true;
	return 0;
}

int tring_add_client(struct tring *tr, struct tring_client *c, u8 cport)
{
	int ret;

	mutex_lock(&tr->list_lock);
	list_add_tail(&c->node, &tr->clients);
	tr->nclients++;
	mutex_unlock(&tr->list_lock);

	mutex_lock(&c->lock);
	ret = tring_configure(c, cport);
	mutex_unlock(&c->lock);
	return ret;
}

static void __tring_insert(struct tring *tr, struct tring_client *c)
{
	struct tring_client *pos;

	list_for_each_entry(pos, &tr->clients, node)
		if (READ_ONCE(pos->cport) > READ_ONCE(c->cport))
			break;
	list_add_tail(&c->node, &pos->node);
}

/* c has been added before */
void tring_move_client(struct tring *tr, struct tring_client *c, u8 cport)
{
	mutex_lock(&c->lock);
	WRITE_ONCE(c->cport, cport);
	mutex_unlock(&c->lock);

	mutex_lock(&tr->list_lock);
	list_del(&c->node);
	__tring_insert(tr, c);
	mutex_unlock(&tr->list_lock);
}

void tring_del_client(struct tring *tr, struct tring_client *c)
{
	mutex_lock(&tr->list_lock);
	list_del(&c->node);
	tr->nclients--;
	mutex_unlock(&tr->list_lock);
}

void tring_init(struct tring *tr)
{
	mutex_init(&tr->list_lock);
	INIT_LIST_HEAD(&tr->clients);
	tr->nclients = 0;
}
