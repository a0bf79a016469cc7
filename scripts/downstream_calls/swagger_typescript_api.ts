// Lists courses through the class of swagger-typescript-api.
import { Api } from "./client";

async function main(url: string): Promise<void> {
  const api = new Api({ baseUrl: url, baseApiParams: { headers: { Authorization: "Bearer test-token" } } });
  const { data } = await api.trainingCourses.getTrainingCourses({});
  const titles: string[] = data.data.map((course) => course.title);
  if (titles.length === 0) throw new Error("there are no courses");
  console.log(titles.join(", "));
}

main(process.argv[2] ?? "").catch((problem) => {
  console.error(problem);
  process.exit(1);
});
