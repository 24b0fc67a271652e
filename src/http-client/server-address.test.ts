import { expect, test } from "vitest";

import { predictionClient } from "./prediction-client.ts";
import { parseServerAddress } from "./server-address.ts";

test("an address is read whole", () => {
  expect(parseServerAddress("https://models.example.org/v1/churn@champion").pathname).toBe("/v1/churn@champion");
  expect(parseServerAddress("http://127.0.0.1:8080").origin).toBe("http://127.0.0.1:8080");
});

test.each([
  ["http://bob:s3cret@host/v1/churn", "The address of http://host has a user name or a password"],
  ["https://bob@host", "The address of https://host has a user name"],
  ["http://:s3cret@host", "The address of http://host has a user name"],
  ["http://bob:s3cret@host:99999", '"http://***@host:99999" is not the address'],
  ["http://bob:s3/cr@et@host:x", '"http://***@host:x" is not the address'],
  ["ftp://bob:s3cret@host", '"ftp://***@host" is not the address'],
  ["bob:s3cret@host", '"***@host" is not the address'],
])("who asks, and the password, are not in an address that is sent or repeated: %s", (address, message) => {
  for (const read of [parseServerAddress, predictionClient]) {
    expect(() => read(address)).toThrow(expect.objectContaining({ code: "USAGE" }) as Error);
    expect(() => read(address)).toThrow(message);
  }
});
