// Verifies a DSSE envelope against a key: node attest.cjs FILE, with node_modules in NODE_PATH.
// FILE holds {envelope, key} or {bundle, key}; the key is a SubjectPublicKeyInfo in base64.
const { readFileSync } = require('node:fs');
const { bundleFromJSON } = require('@sigstore/bundle');
const { Verifier, toSignedEntity, toTrustMaterial } = require('@sigstore/verify');

const { envelope, bundle: given, key } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const bundle = given ?? {
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  dsseEnvelope: envelope,
  verificationMaterial: { publicKey: { hint: 'builder' }, tlogEntries: [] },
};
const root = { certificateAuthorities: [], timestampAuthorities: [], ctlogs: [], tlogs: [] };
const hint = bundle.verificationMaterial.publicKey.hint;
const trust = toTrustMaterial(root, { [hint]: { rawBytes: Buffer.from(key, 'base64') } });
// That the envelope is in a log is shown by the proofs beside it.
const verifier = new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
verifier.verify(toSignedEntity(bundleFromJSON(bundle)));
console.log('verified');
