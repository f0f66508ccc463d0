/** Where the control webhook is read, set and removed. */
export const WEBHOOK_PATH = '/v1/settings/control-webhook';
