// Reads a JSON list of objects from standard input, and writes a list of what the validators say of each:
// null when they take it, else why not. Run by scripts/oracle in the folder that holds the packages.
import { readFileSync } from "node:fs";

const PACKAGES = {
  "argoproj.io/v1alpha1": "@kubernetes-models/argo-cd/argoproj.io/v1alpha1",
  "external-secrets.io/v1": "@kubernetes-models/external-secrets/external-secrets.io/v1",
};

async function verdict(object, named) {
  const models = await import(PACKAGES[named.apiVersion]);
  try {
    new models[named.kind](object).validate();
    return null;
  } catch (error) {
    return error.message;
  }
}

const answers = [];
for (const { object, named } of JSON.parse(readFileSync(0, "utf8"))) {
  answers.push(await verdict(object, named));
}
process.stdout.write(JSON.stringify(answers));
