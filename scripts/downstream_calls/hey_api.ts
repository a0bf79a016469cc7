// Lists courses through the functions of @hey-api/openapi-ts.
import { getTrainingCourses } from "./client";
import { createClient, createConfig } from "./client/client";

async function main(url: string): Promise<void> {
  const client = createClient(createConfig({ baseUrl: url, auth: "test-token" }));
  const { data, error } = await getTrainingCourses({ client, query: { status: ["published", "archived"] } });
  if (data === undefined) throw new Error(JSON.stringify(error));
  const titles: string[] = data.data.map((course) => course.title);
  if (titles.length === 0) throw new Error("there are no courses");
  console.log(titles.join(", "));
}

main(process.argv[2] ?? "").catch((problem) => {
  console.error(problem);
  process.exit(1);
});
