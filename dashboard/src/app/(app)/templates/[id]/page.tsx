import { TemplateScreen } from '@/features/templates/template-screen';
import { titled } from '@/i18n/titled';

export const generateMetadata = titled('templates.title');

export default async function TemplatePage({ params }: { params: Promise<{ id: string }> }) {
  return <TemplateScreen id={(await params).id} />;
}
