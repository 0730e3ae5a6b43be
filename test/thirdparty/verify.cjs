// Verifies a sigstore bundle against a key and a log: node verify.cjs FILE, with node_modules beside or in NODE_PATH.
// FILE holds {bundle, artifact, log: {baseUrl, keyId, publicKey}, signer}; all binary is base64.
const { readFileSync } = require('node:fs');
const { bundleFromJSON } = require('@sigstore/bundle');
const { Verifier, toSignedEntity, toTrustMaterial } = require('@sigstore/verify');

const given = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const bytes = (text) => Buffer.from(text, 'base64');
const root = {
  certificateAuthorities: [],
  timestampAuthorities: [],
  ctlogs: [],
  tlogs: [
    {
      baseUrl: given.log.baseUrl,
      logId: { keyId: bytes(given.log.keyId) },
      publicKey: { keyDetails: 5, rawBytes: bytes(given.log.publicKey) },
    },
  ],
};
const trust = toTrustMaterial(root, { signer: { rawBytes: bytes(given.signer) } });
const verifier = new Verifier(trust, { tlogThreshold: 1, ctlogThreshold: 0, timestampThreshold: 0 });
verifier.verify(toSignedEntity(bundleFromJSON(given.bundle), bytes(given.artifact)));
console.log('verified');
