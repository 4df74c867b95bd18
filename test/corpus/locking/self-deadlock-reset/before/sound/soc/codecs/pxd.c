// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/regmap.h>
#include <sound/pcm_params.h>
#include <sound/soc.h>

#define PXD_RESET	0x00
#define PXD_PWR		0x01
#define PXD_RATE	0x04
#define PXD_VOL		0x08

struct pxd_priv {
	struct regmap *regmap;
	struct mutex lock;
	unsigned int rate;
	unsigned int volume;
	bool muted;
};

static int pxd_set_rate(struct pxd_priv *pd, unsigned int rate)
{
	int ret;

	mutex_lock(&pd->lock);
	ret = regmap_write(pd->regmap, PXD_RATE, rate / 8000);
	if (!ret)
		pd->rate = rate;
	mutex_unlock(&pd->lock);
	return ret;
}

static int pxd_hw_params(struct snd_pcm_substream *substream,
			 struct snd_pcm_hw_params *params,
			 struct snd_soc_dai *dai)
{
	struct pxd_priv *pd = snd_soc_component_get_drvdata(dai->component);

	return pxd_set_rate(pd, params_rate(params));
}

static int pxd_mute(struct snd_soc_dai *dai, int mute, int direction)
{
	struct pxd_priv *pd = snd_soc_component_get_drvdata(dai->component);
	int ret;

	mutex_lock(&pd->lock);
	pd->muted = mute;
	ret = regmap_write(pd->regmap, PXD_VOL, mute ? 0 : pd->volume);
	mutex_unlock(&pd->lock);
	return ret;
}

/* called from the bus error notifier */
int pxd_reset(struct pxd_priv *pd)
{
	int ret;

	mutex_lock(&pd->lock);
	ret = regmap_write(pd->regmap, PXD_RESET, 1);
	if (ret)
		goto out;
	ret = regmap_write(pd->regmap, PXD_PWR, 1);
	if (ret)
		goto out;
	ret = regmap_write(pd->regmap, PXD_VOL, pd->muted ? 0 : pd->volume);
out:
	mutex_unlock(&pd->lock);
	return ret;
}

static const struct snd_soc_dai_ops pxd_dai_ops = {
	.hw_params	= pxd_hw_params,
	.mute_stream	= pxd_mute,
};

struct snd_soc_dai_driver pxd_dai = {
	.name = "pxd-hifi",
	.playback = {
		.stream_name = "Playback",
		.channels_min = 2,
		.channels_max = 2,
		.rates = SNDRV_PCM_RATE_8000_192000,
		.formats = SNDRV_PCM_FMTBIT_S16_LE,
	},
	.ops = &pxd_dai_ops,
};
