/** Config specs of a project, as the SDK downloads them: one dynamic config, the same for everybody. */
export const SPECS = {
  has_updates: true,
  time: 1_700_000_000_000,
  company_lcut: 1_700_000_000_000,
  response_format: "dcs-v2",
  feature_gates: {},
  layer_configs: {},
  layers: {},
  condition_map: {},
  experiment_to_layer: {},
  dynamic_configs: {
    thresholds: {
      type: "dynamic_config",
      salt: "salt",
      enabled: true,
      defaultValue: { review: 0.7, tiers: [1, 2] },
      rules: [],
      idType: "userID",
      entity: "dynamic_config",
    },
  },
};
