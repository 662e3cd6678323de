/** Macros that put an option's name together, with what another build puts before it: as U-Boot has them. */
export const PASTING_HEADER = `#ifdef CONFIG_SPL_BUILD
#define _CONFIG_PREFIX SPL_
#else
#define _CONFIG_PREFIX
#endif
#define config_val(cfg) _config_val(_CONFIG_PREFIX, cfg)
#define _config_val(pfx, cfg) __config_val(pfx, cfg)
#define __config_val(pfx, cfg) CONFIG_ ## pfx ## cfg
#define CONFIG_VAL(option) config_val(option)
#define CONFIG_IS_ENABLED(option, ...) enabled(CONFIG_VAL(option), ##__VA_ARGS__)
`;
