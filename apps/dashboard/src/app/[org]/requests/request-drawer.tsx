"use client";

import { parseAsString, useQueryState } from "nuqs";
import { Drawer } from "@/components/ui/dialog.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { RequestStory } from "./request-story.tsx";
import { useStory } from "./use-story.ts";

const Waiting = () => (
  <div className="grid gap-3 p-5">
    <Skeleton className="h-5 w-40" />
    <Skeleton className="h-24" />
    <Skeleton className="h-40" />
  </div>
);

/** Opens for the id in the URL, so that a link leads to a request. */
export function RequestDrawer() {
  const [id, setId] = useQueryState("request", parseAsString);
  const { story, problem } = useStory(id);
  return (
    <Drawer open={id !== null} onOpenChange={() => void setId(null)} title={story ? story.model : "Request"}>
      {story ? <RequestStory story={story} /> : null}
      {problem ? <FormError message={problem} className="m-5" /> : null}
      {story || problem ? null : <Waiting />}
    </Drawer>
  );
}
