import { CommandMenu } from "@/components/shell/command-menu.tsx";
import { OrganisationSwitcher } from "@/components/shell/organisation-switcher.tsx";
import { SidebarNav } from "@/components/shell/sidebar-nav.tsx";
import { ThemeToggle } from "@/components/shell/theme-toggle.tsx";
import { UserMenu } from "@/components/shell/user-menu.tsx";

export interface SidebarProps {
  user: { name: string; email: string };
  organisation: string;
  organisations: readonly { slug: string; name: string }[];
}

export const Sidebar = ({ user, organisation, organisations }: SidebarProps) => (
  <aside className="sticky top-0 hidden h-dvh w-56 shrink-0 flex-col border-line border-r bg-sunken md:flex">
    <div className="grid gap-2 p-2">
      <OrganisationSwitcher name={organisation} organisations={organisations} />
      <CommandMenu />
    </div>
    <div className="min-h-0 flex-1 overflow-y-auto py-2">
      <SidebarNav />
    </div>
    <div className="flex items-center gap-1 border-line border-t p-2">
      <UserMenu {...user} />
      <ThemeToggle />
    </div>
  </aside>
);
