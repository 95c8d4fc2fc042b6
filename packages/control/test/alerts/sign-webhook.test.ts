import { mintWebhookSecret, webhookHeaders } from "@tollgate/control/alerts/sign-webhook";
import { expect, test } from "vitest";

test("gives the signature of the specification's example", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const headers = webhookHeaders(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330_999, '{"test": 2432232314}');
  expect(headers).toEqual({
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

test("a secret is 24 random bytes in the format of the specification", () => {
  const [one, other] = [mintWebhookSecret(), mintWebhookSecret()];
  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
  expect(other).not.toBe(one);
});
