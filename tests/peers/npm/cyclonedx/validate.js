// Validates CycloneDX 1.5 documents by the schema: `validate.js FILE...`. Prints, as JSON, what is
// wrong with each: null where nothing is.
const fs = require("fs");
const { Spec, Validation } = require("@cyclonedx/cyclonedx-library");

async function main() {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);
  const findings = [];
  for (const file of process.argv.slice(2)) {
    findings.push(await validator.validate(fs.readFileSync(file, "utf8")));
  }
  console.log(JSON.stringify(findings));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
