export const Section = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <section>
    <h2 className="mb-3 text-[15px] font-medium">{title}</h2>
    {children}
  </section>
);
