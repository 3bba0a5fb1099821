import { Head, Page } from "../../components/layout";
export function GalleryView() {
  return (
    <Page>
      <Head title="Gallery" />
    </Page>
  );
}
