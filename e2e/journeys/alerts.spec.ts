import { createHmac } from "node:crypto";
import { startReceiver } from "@tollgate/testkit/receiver";
import { ask } from "../calls.ts";
import { expect, test } from "../journey.ts";
import { untilKnown } from "../until-known.ts";

test("a webhook is added, tested and gets the alert of a used-up limit, and the page shows the deliveries", async ({
  governed,
  installation,
  page,
}) => {
  const receiver = await startReceiver();
  const { api } = governed;
  await governed.signIn(page, "alerts");
  await page.getByRole("button", { name: "Add channel" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Billing");
  await dialog.getByLabel("Kind").click();
  await page.getByRole("option", { name: "Webhook" }).click();
  await dialog.getByLabel("URL").fill(`${receiver.url}/hook`);
  await dialog.getByRole("button", { name: "Add channel" }).click();
  const secret = (await dialog.getByRole("status", { name: "Signing secret" }).textContent()) ?? "";
  await dialog.getByRole("button", { name: "Done" }).click();

  await page.getByRole("button", { name: "Send a test to Billing" }).click();
  const history = page.getByRole("list", { name: "Alerts" });
  await expect(history.getByRole("listitem").filter({ hasText: "Test of the channel Billing" })).toContainText(
    "Billing sent",
  );
  const [post] = receiver.posts;
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = post?.headers ?? {};
  const hmac = createHmac("sha256", Buffer.from(secret.trim().replace("whsec_", ""), "base64"));
  expect(signature).toBe(`v1,${hmac.update(`${id}.${at}.${post?.body}`).digest("base64")}`);

  // A new key, because usage from before a limit was set raises its alert only at the next check.
  const { secret: key, key: made } = await api.post<{ secret: string; key: { id: string } }>("/keys", {
    name: "alerts",
  });
  await untilKnown(installation.proxyUrl, key, governed.models.openai.model);
  const limit = await api.post<{ id: string }>("/limits", {
    scope: "key",
    subject: made.id,
    unit: "requests",
    window: "total",
    amount: "1",
    mode: "warn",
  });
  await ask(installation, key, { model: governed.models.openai.model });
  await expect(history.getByRole("listitem").filter({ hasText: "100 % of the limit on" })).toContainText(
    "Billing sent",
  );
  expect(receiver.posts.map(({ body }) => JSON.parse(body).type)).toContain("alert.threshold");

  await api.delete(`/limits/${limit.id}`);
  await page.getByRole("button", { name: "Actions for Billing" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete channel" }).click();
  await expect(page.getByText("No channels yet")).toBeVisible();
  await receiver.close();
});
