// SPDX-License-Identifier: GPL-2.0
#include <linux/bitmap.h>
#include <linux/if_vlan.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/slab.h>

#include "hsw_regs.h"

#define HSW_PORTS	8

struct hsw_port {
	struct mutex lock;
	int index;
	u16 pvid;
	DECLARE_BITMAP(vlans, VLAN_N_VID);
};

struct hsw_switch {
	void __iomem *regs;
	struct mutex vlan_lock;
	u8 vlan_members[VLAN_N_VID];
	struct hsw_port ports[HSW_PORTS];
};

static void hsw_write_member(struct hsw_switch *sw, u16 vid)
{
	writel(sw->vlan_members[vid], sw->regs + HSW_VLAN_TBL + 4 * vid);
}

int hsw_port_set_vlan(struct hsw_switch *sw, int p, u16 vid, bool pvid)
{
	struct hsw_port *port = &sw->ports[p];

	if (vid >= VLAN_N_VID)
		return -EINVAL;

	mutex_lock(&port->lock);
	set_bit(vid, port->vlans);
	if (pvid)
		port->pvid = vid;

	mutex_lock(&sw->vlan_lock);
	sw->vlan_members[vid] |= BIT(p);
	hsw_write_member(sw, vid);
	mutex_unlock(&sw->vlan_lock);
	mutex_unlock(&port->lock);
	return 0;
}

void hsw_flush_vlan(struct hsw_switch *sw, u16 vid)
{
	struct hsw_port *port;
	int p;

	mutex_lock(&sw->vlan_lock);
	for (p = 0; p < HSW_PORTS; p++) {
		port = &sw->ports[p];
		mutex_lock(&port->lock);
		clear_bit(vid, port->vlans);
		if (port->pvid == vid)
			port->pvid = 0;
		sw->vlan_members[vid] &= ~BIT(p);
		mutex_unlock(&port->lock);
	}
	hsw_write_member(sw, vid);
	mutex_unlock(&sw->vlan_lock);
}

u16 hsw_port_pvid(struct hsw_switch *sw, int p)
{
	u16 vid;

	mutex_lock(&sw->ports[p].lock);
	vid = sw->ports[p].pvid;
	mutex_unlock(&sw->ports[p].lock);
	return vid;
}

void hsw_vlan_init(struct hsw_switch *sw)
{
	int p;

	mutex_init(&sw->vlan_lock);
	for (p = 0; p < HSW_PORTS; p++) {
		mutex_init(&sw->ports[p].lock);
		sw->ports[p].index = p;
	}
}
