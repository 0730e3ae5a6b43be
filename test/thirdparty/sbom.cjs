// Holds a bill of materials against the schema of CycloneDX 1.6: node sbom.cjs FILE, with node_modules in NODE_PATH.
const { readFileSync } = require('node:fs');
const { Spec, Validation } = require('@cyclonedx/cyclonedx-library');

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
validator.validate(readFileSync(process.argv[2], 'utf8')).then(
  (wrong) => {
    console.log(wrong === null ? 'valid' : JSON.stringify(wrong));
    process.exitCode = wrong === null ? 0 : 1;
  },
  (failed) => {
    console.log(String(failed));
    process.exitCode = 2;
  },
);
