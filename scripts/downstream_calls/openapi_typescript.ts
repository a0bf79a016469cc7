// Lists courses through openapi-fetch, by the types of openapi-typescript.
import createClient from "openapi-fetch";
import type { paths } from "./schema";

async function main(url: string): Promise<void> {
  const client = createClient<paths>({
    baseUrl: url,
    headers: { Authorization: "Bearer test-token" },
    querySerializer: { array: { style: "form", explode: false } },
  });
  const { data, error } = await client.GET("/training-courses", {
    params: { query: { status: ["published", "archived"] } },
  });
  if (error !== undefined) throw new Error(JSON.stringify(error));
  const titles: string[] = data.data.map((course) => course.title);
  if (titles.length === 0) throw new Error("there are no courses");
  console.log(titles.join(", "));
}

main(process.argv[2] ?? "").catch((problem) => {
  console.error(problem);
  process.exit(1);
});
